/** Ports forwarded to a real cluster, while pods and the API server go and come back. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const LIMIT = { timeout: 240_000 };
const example = path.resolve(import.meta.dirname, "../../examples/quote");
const fairlead = path.resolve(import.meta.dirname, "../../fairlead");
const ANSWER = /^This is the quote service running in pod (\S+) on node (\S+)$/;
const PODS = ["quote-001", "quote-002", "quote-003", "quote-canary"];

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let forward: ChildProcess;
  let said = "";
  let url = "";

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2", "--no-host-routes", "-f", example]);
    forward = lab.start(fairlead, ["forward", "svc/quote", ":80"]);
    for (const stream of [forward.stdout, forward.stderr]) {
      stream?.on("data", (bytes: Buffer) => {
        said += bytes;
      });
    }
    const listening = /^Forwarding from (127\.0\.0\.1:\d+) -> quote:80$/m;
    url = `http://${await until("the port to listen", async () => listening.exec(said)?.[1])}`;
  }, LIMIT);
  after(() => lab?.[Symbol.asyncDispose]());

  /** What came in place of an answer. */
  const failures = (answers: readonly string[]) => answers.filter((answer) => !ANSWER.test(answer));
  const podsOf = (answers: readonly string[]) => new Set(answers.map((answer) => ANSWER.exec(answer)?.[1]));

  test("requests from the host are spread over all pods, without a route", LIMIT, async () => {
    const loop = startLoop(lab, url);
    await until("every pod to answer", async () => (podsOf(loop.answers()).size === PODS.length ? true : undefined));
    assert.deepEqual(failures(await loop.stop()), []);
  });

  test("pods deleted and made again: at most the requests that they had fail", LIMIT, async () => {
    const loop = startLoop(lab, url);
    for (const pod of ["quote-001", "quote-002"]) {
      await lab.kubectl("delete", "pod", pod, "--now");
      await lab.kubectl("apply", "-f", path.join(example, `${pod}.yaml`));
      await lab.kubectl("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=120s");
      const before = loop.answers().length;
      await until(`${pod} to answer again`, async () =>
        podsOf(loop.answers().slice(before)).has(pod) ? true : undefined,
      );
    }
    const failed = failures(await loop.stop());
    assert.ok(failed.length <= 2, `${failed.join("\n")}\n${said}`);
  });

  test("the API server started again: new connections wait for it", LIMIT, async () => {
    const status = await lab.fairlead("status");
    const pid = Number(/^fairlead-1\/server +running +(\d+)/m.exec(status)?.[1]);
    process.kill(pid, "SIGKILL");
    const { stdout } = await lab.run("curl", ["-sS", "-m", "30", url]);
    assert.match(stdout.trim(), ANSWER);
  });

  test("without a ready pod the connection is reset at once, and a line says so", LIMIT, async () => {
    await lab.kubectl("patch", "service", "quote", "-p", '{"spec":{"selector":{"app":"nobody"}}}');
    await until("the endpoints to be gone", async () => {
      const { stderr } = await lab.run("curl", ["-sS", "-m", "5", url]);
      return /reset by peer/.test(stderr) ? true : undefined;
    });
    assert.match(said, /^Cannot forward a connection to service\/quote port 80: no ready endpoint$/m);
    await lab.kubectl("patch", "service", "quote", "-p", '{"spec":{"selector":{"app":"quote"}}}');
    await until("an answer", async () => {
      const { stdout } = await lab.run("curl", ["-sS", "-m", "5", url]);
      return ANSWER.test(stdout.trim()) ? true : undefined;
    });
  });

  test("an ordinary user, with a kubeconfig, forwards to a pod and to the ports it names", LIMIT, async () => {
    const kubeconfig = path.join(lab.home, "of-jane");
    await writeFile(kubeconfig, await readFile(path.join(lab.home, ".kube/config"), "utf8"), { mode: 0o644 });
    const asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent"];
    await lab.run("chmod", ["755", lab.home]);
    const words = ["forward", "--kubeconfig", kubeconfig, "default/pod/quote-canary", ":80"];
    const child = lab.start("setpriv", [...asNobody, fairlead, ...words]);
    let printed = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      printed += bytes;
    });
    child.stderr?.on("data", (bytes: Buffer) => {
      printed += bytes;
    });
    const at = await until("the port to listen", async () => /from (\S+) -> quote-canary:80/.exec(printed)?.[1]).catch(
      (error) => Promise.reject(new Error(printed, { cause: error })),
    );
    const { stdout } = await lab.run("curl", ["-sS", "-m", "5", `http://${at}`]);
    assert.equal(ANSWER.exec(stdout.trim())?.[1], "quote-canary");
    child.kill("SIGINT");
  });

  test("Ctrl-C ends it with 0", LIMIT, async () => {
    const ended = once(forward, "exit");
    forward.kill("SIGINT");
    assert.deepEqual(await ended, [0, null]);
  });
}
