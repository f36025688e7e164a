import assert from "node:assert/strict";
import { test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, startLab } from "./lab.testing.ts";
import { rollOutUnderLoad } from "./rollout.testing.ts";

/** As many as in the figures of bench/rollout.ts: a third each to the ClusterIP, to node ports and to the load balancer. */
const CONNECTIONS = 21_000;
/** Longer than nodes take to learn that a pod ends, also on a machine that is busy with another cluster. */
const LINGER_SECONDS = 4;

if (insideLab(import.meta.filename)) {
  test("rollouts of servers that serve on for a while lose no connection", { timeout: 600_000 }, async (t) => {
    await using lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2"]);
    const startMs = performance.now();
    const { rollouts, outcomes } = await rollOutUnderLoad(lab, {
      replicas: 3,
      lingerSeconds: LINGER_SECONDS,
      connections: CONNECTIONS,
    });
    t.diagnostic(`${rollouts} rollouts in ${Math.round((performance.now() - startMs) / 1_000)} s`);
    assert.ok(rollouts > 0);
    assert.deepEqual(
      outcomes.map(({ target, counts }) => [target, Object.fromEntries(counts)]),
      [
        ["ClusterIP", { answered: CONNECTIONS / 3 }],
        ["node port", { answered: CONNECTIONS / 3 }],
        ["load balancer", { answered: CONNECTIONS / 3 }],
      ],
    );
  });
}
