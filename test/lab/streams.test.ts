/** Streams and logs of real pods in a whole cluster, with both clients. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

/** Of one test. */
const LIMIT = { timeout: 240_000 };
const TOOLS = "registry.fairlead.local/tools:1";
const KUBECTLS = { kubectl: "kubectl", kubectl120: process.env.FAIRLEAD_TEST_KUBECTL_120 ?? "" };

const container = (name: string, script: string, more: object = {}) => ({
  name,
  image: TOOLS,
  command: ["sh", "-c", script],
  ...more,
});

const pods = [
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web" },
    spec: {
      containers: [
        container("main", "mkdir /www && echo hello > /www/index.html && exec httpd -f -p 8080 -h /www"),
        container("ticker", "n=0; while true; do n=$((n+1)); echo tick $n; echo error $n >&2; sleep 0.2; done"),
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "echo" },
    spec: {
      containers: [container("main", 'while read -r line; do echo "got $line"; done', { stdin: true, tty: true })],
    },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "restarting" },
    spec: { containers: [container("main", "echo started $(date +%s); sleep 1; exit 1")] },
  },
];

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  before(async () => {
    lab = await startLab();
    const manifest = path.join(lab.home, "pods.json");
    await writeFile(manifest, JSON.stringify({ apiVersion: "v1", kind: "List", items: pods }));
    await upOrShowLogs(lab, []);
    await lab.kubectl("apply", "-f", manifest);
    await lab.kubectl("wait", "--for=condition=Ready", "pod/web", "pod/echo", "--timeout=240s");
  });
  after(() => lab?.[Symbol.asyncDispose]());

  for (const client of ["kubectl", "kubectl120"] as const) {
    const binary = KUBECTLS[client];

    test(`${client}: exec runs in the container that is named, and says which there are`, LIMIT, async () => {
      assert.equal(await lab[client]("exec", "web", "-c", "ticker", "--", "hostname"), "web\n");
      const { stderr } = await lab.run(binary, ["exec", "web", "-c", "nope", "--", "true"]);
      assert.match(stderr, /container "?nope"? (is not valid for|not found in) pod "?web"?/);
    });

    test(`${client}: port-forward reaches a port inside the pod, again and again`, LIMIT, async () => {
      const child = lab.start(binary, ["port-forward", "pod/web", ":8080"]);
      const port = await printed(child, /127\.0\.0\.1:(\d+)/);
      for (let i = 0; i < 5; i++) {
        const { stdout } = await lab.run("curl", ["-s", "--max-time", "5", `http://127.0.0.1:${port}/`]);
        assert.equal(stdout, "hello\n");
      }
      child.kill();
    });

    test(`${client}: port-forward to a closed port says so`, LIMIT, async () => {
      const child = lab.start(binary, ["port-forward", "pod/web", ":9"]);
      let said = "";
      child.stderr?.on("data", (piece) => {
        said += piece;
      });
      const port = await printed(child, /127\.0\.0\.1:(\d+)/);
      await lab.run("curl", ["-s", "--max-time", "5", `http://127.0.0.1:${port}/`]);
      await until("kubectl's complaint", async () => (/connection refused/i.test(said) ? true : undefined));
      child.kill();
    });

    test(`${client}: cp takes a file there and back`, LIMIT, async () => {
      const file = path.join(lab.home, "file");
      await writeFile(file, "x".repeat(1_000_000));
      await lab[client]("cp", file, "web:/tmp/file", "-c", "main");
      await lab[client]("cp", "web:/tmp/file", `${file}.back`, "-c", "main");
      await lab.run("cmp", [file, `${file}.back`]).then(({ exitCode, stdout }) => assert.equal(exitCode, 0, stdout));
    });

    test(`${client}: attach -it talks to the container's own process`, LIMIT, async () => {
      const command = `(sleep 1; echo hello; sleep 1) | script -qec '${binary} attach -it echo' /dev/null`;
      const { stdout } = await lab.run("timeout", ["10", "sh", "-c", command]);
      assert.match(stdout, /got hello/);
    });

    test(
      `${client}: logs of one container, the last lines, with timestamps, and from both outputs`,
      LIMIT,
      async () => {
        const lines = (await lab[client]("logs", "web", "-c", "ticker", "--tail=4", "--timestamps")).trim().split("\n");
        assert.equal(lines.length, 4);
        for (const line of lines)
          assert.match(line, /^\d{4}-\d\d-\d\dT[\d:]+\.\d{9}(Z|[+-]\d\d:\d\d) (tick|error) \d+$/);
      },
    );

    test(`${client}: logs -f goes on`, LIMIT, async () => {
      const child = lab.start(binary, ["logs", "-f", "web", "-c", "ticker", "--tail=1"]);
      await printed(child, /((?:(?:tick|error) \d+\n){10})/);
      child.kill();
    });

    test(`${client}: logs --previous is of the run before`, LIMIT, async () => {
      const previous = await until("a restart", async () => {
        const { stdout, exitCode } = await lab.run(binary, ["logs", "--previous", "restarting"]);
        return exitCode === 0 ? stdout : undefined;
      });
      assert.match(previous, /^started \d+\n$/);
    });
  }

  test("kubectl takes the first of several containers; the old one asks which", LIMIT, async () => {
    const args = ["logs", "web", "--tail=1"];
    const now = await lab.run(KUBECTLS.kubectl, args);
    assert.equal(now.stderr, 'Defaulted container "main" out of: main, ticker\n');
    const old = await lab.run(KUBECTLS.kubectl120, args);
    assert.match(old.stderr, /a container name must be specified for pod web, choose one of: \[main ticker\]/);
  });

  test("with a pod that has no node yet, and one that is not there", LIMIT, async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "waiting" } };
    const spec = { nodeSelector: { no: "such" }, containers: [container("main", "true")] };
    await lab.run(KUBECTLS.kubectl, ["apply", "-f", "-"], { input: JSON.stringify({ ...pod, spec }) });
    const waiting = await lab.run(KUBECTLS.kubectl, ["exec", "waiting", "--", "true"]);
    assert.equal(waiting.stderr, "Error from server (BadRequest): pod waiting does not have a host assigned\n");
    const none = await lab.run(KUBECTLS.kubectl, ["exec", "none", "--", "true"]);
    assert.equal(none.stderr, 'Error from server (NotFound): pods "none" not found\n');
  });
}

/** Resolves with the first group of the first match in what the program prints. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece) => {
      said += piece;
      const match = pattern.exec(said)?.[1];
      if (match !== undefined) resolve(match);
    });
    child.once("close", () => reject(new Error(`It ended without printing ${pattern}: ${said}`)));
  });
}
