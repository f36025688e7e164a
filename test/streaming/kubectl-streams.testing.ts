import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { StreamingCluster } from "./streaming-cluster.testing.ts";

/** `kubectl` itself, with either transport; and further ones that `FAIRLEAD_TEST_KUBECTLS` names, separated by colons. */
export const kubectls = [
  { kubectl: "kubectl", over: "WebSocket", env: {} },
  {
    kubectl: "kubectl",
    over: "SPDY",
    env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "false", KUBECTL_PORT_FORWARD_WEBSOCKETS: "false" },
  },
  ...(process.env.FAIRLEAD_TEST_KUBECTLS ?? "")
    .split(":")
    .filter((name) => name !== "")
    .map((kubectl) => ({ kubectl, over: "its default", env: {} })),
];

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** What a client may know of this machine: a home and a cluster of its own. */
function environment(cluster: StreamingCluster): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: cluster.home, KUBECONFIG: cluster.kubeconfig };
}

export async function run(
  cluster: StreamingCluster,
  program: string,
  args: readonly string[],
  { input, env }: RunOptions,
): Promise<Outcome> {
  const child = spawn(program, args, { env: { ...environment(cluster), ...env } });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const exited = new Promise<number | null>((done) => child.once("close", done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

const commands: { name: string; args: string[]; input?: string; want: Partial<Outcome> | RegExp }[] = [
  {
    name: "exec: output and errors come apart",
    args: ["exec", "web", "--", "sh", "-c", "echo out; echo err >&2"],
    want: { exitCode: 0, stdout: "out\n", stderr: "err\n" },
  },
  {
    name: "exec: the exit code is passed on",
    args: ["exec", "web", "--", "sh", "-c", "exit 42"],
    want: { exitCode: 42, stderr: "command terminated with exit code 42\n" },
  },
  {
    name: "exec: an argument of 100,000 characters",
    args: ["exec", "web", "--", "echo", "x".repeat(100_000)],
    want: { exitCode: 0, stdout: `${"x".repeat(100_000)}\n` },
  },
  {
    name: "exec -i: the end of the input arrives",
    args: ["exec", "-i", "web", "--", "wc", "-c"],
    input: "x".repeat(300_000),
    want: { exitCode: 0, stdout: "300000\n" },
  },
  {
    name: "exec: words with blanks and other characters stay unchanged",
    args: ["exec", "web", "--", "printf", "%s|", "a b", "ä&=?", "%20"],
    want: { exitCode: 0, stdout: "a b|ä&=?|%20|" },
  },
  {
    name: "exec: a large output is complete",
    args: ["exec", "web", "--", "sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' z"],
    want: { exitCode: 0, stdout: "z".repeat(3_000_000) },
  },
  {
    name: "exec: a container that is not in the pod",
    args: ["exec", "web", "-c", "nope", "--", "true"],
    want: /container nope is not valid for pod web|container "?nope"? not found in pod "?web"?/,
  },
  {
    name: "exec: a container that has not been started",
    args: ["exec", "pair", "-c", "sidecar", "--", "true"],
    want: /container not found \("sidecar"\)/,
  },
  {
    name: "exec: a program that is not there",
    args: ["exec", "web", "--", "no-such-program"],
    want: /no-such-program/,
  },
];

/** What is behind the endpoint, seen by these tests. */
export interface StreamsUnderTest {
  readonly cluster: () => StreamingCluster;
  /** Rows and columns that the last command's terminal had, given what was printed on it. */
  readonly terminalSize: (printed: string) => string;
}

/** Tries exec, port-forward and cp with real clients. To be called before any test has run. */
export function testKubectlStreams({ cluster: clusterNow, terminalSize }: StreamsUnderTest): void {
  for (const { kubectl, over, env } of kubectls) {
    const label = `${kubectl} over ${over}`;
    for (const { name, args, input, want } of commands) {
      test(`${label}: ${name}`, { timeout: 240_000 }, async () => {
        const cluster = clusterNow();
        const outcome = await run(cluster, kubectl, args, { input, env });
        if (want instanceof RegExp) {
          assert.match(outcome.stderr, want);
          assert.notEqual(outcome.exitCode, 0);
        } else
          for (const [key, value] of Object.entries(want))
            assert.equal(outcome[key as keyof Outcome], value, outcome.stderr);
      });
    }

    test(`${label}: exec -it sends the terminal's size`, { timeout: 240_000 }, async () => {
      const cluster = clusterNow();
      const typed = `stty cols 101 rows 43; ${kubectl} exec -it web -- sh -c 'sleep 0.5; stty size; echo done'`;
      const { stdout } = await run(cluster, "script", ["-qec", typed, "/dev/null"], { env });
      assert.match(stdout, /done/);
      assert.equal(terminalSize(stdout), "43 101");
    });

    test(`${label}: port-forward serves several requests`, {
      timeout: 240_000,
    }, async (t) => {
      const cluster = clusterNow();
      const web = createServer((request, response) => response.end(`you asked for ${request.url}`));
      await new Promise<void>((done) => web.listen(0, "127.0.0.1", done));
      t.after(() => web.close());
      const { port } = web.address() as AddressInfo;
      const child = spawn(kubectl, ["port-forward", "pod/web", `:${port}`], {
        env: { ...environment(cluster), ...env },
      });
      t.after(() => child.kill());
      const local = await localPort(child);
      for (const path of ["/a", "/b", "/c"]) {
        const answer = await fetch(`http://127.0.0.1:${local}${path}`, { headers: { connection: "close" } });
        assert.equal(await answer.text(), `you asked for ${path}`);
      }
    });

    test(`${label}: cp takes a file there and back`, { timeout: 240_000 }, async () => {
      const cluster = clusterNow();
      const there = await run(cluster, kubectl, ["cp", cluster.kubeconfig, `web:${cluster.home}/copied`], { env });
      assert.equal(there.exitCode, 0, there.stderr);
      const back = await run(cluster, kubectl, ["cp", `web:${cluster.home}/copied`, `${cluster.home}/back`], { env });
      assert.equal(back.exitCode, 0, back.stderr);
      const same = await run(cluster, "cmp", [cluster.kubeconfig, `${cluster.home}/back`], { env });
      assert.equal(same.exitCode, 0, same.stdout + same.stderr);
    });
  }
}

/** The local port that a `kubectl port-forward` says it has chosen. */
function localPort(child: ChildProcessWithoutNullStreams): Promise<string> {
  let said = "";
  // Both go on being read: kubectl ends when it cannot print.
  return new Promise((resolve, reject) => {
    const listen = (piece: Buffer) => {
      said += piece;
      const local = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (local !== undefined) resolve(local);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("close", () => reject(new Error(`kubectl port-forward ended: ${said}`)));
  });
}
