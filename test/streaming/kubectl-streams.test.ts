import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { kubectls, run, testKubectlStreams } from "./kubectl-streams.testing.ts";
import { type ProcessRuntime, startProcessRuntime } from "./process-runtime.testing.ts";
import { type StreamingCluster, startStreamingCluster } from "./streaming-cluster.testing.ts";

let cluster: StreamingCluster;
let node: ProcessRuntime;
const started = new AsyncDisposableStack();
before(async () => {
  node = started.use(await startProcessRuntime(["sh", "-c", "echo attached; cat"]));
  cluster = started.use(await startStreamingCluster(node));
});
after(() => started.disposeAsync());

testKubectlStreams({
  cluster: () => cluster,
  // The processes have no terminal: what counts is what the runtime got.
  terminalSize() {
    const { Width, Height } = JSON.parse(node.resizes.at(-1)?.split("\n").at(-1) ?? "{}");
    return `${Height} ${Width}`;
  },
});

for (const { kubectl, over, env } of kubectls) {
  test(`${kubectl} over ${over}: attach -i gives the process's own streams`, { timeout: 240_000 }, async () => {
    const { stdout, exitCode, stderr } = await run(cluster, kubectl, ["attach", "-i", "web"], {
      input: "hello\n",
      env,
    });
    assert.equal(stdout, "attached\nhello\n", stderr);
    assert.equal(exitCode, 0);
  });
}
