import assert from "node:assert/strict";
import { test } from "node:test";
import { upOrTell } from "./cluster.testing.ts";
import { insideLab, startLab } from "./lab.testing.ts";
import { rollOutUnderLoad } from "./rollout.testing.ts";

if (insideLab(import.meta.filename)) {
  test("rollouts of servers that serve on for a second lose no connection", { timeout: 600_000 }, async () => {
    await using lab = await startLab();
    await upOrTell(lab, ["--nodes", "2"]);
    const { rollouts, outcomes } = await rollOutUnderLoad(lab, { replicas: 3, lingerSeconds: 1, connections: 4_000 });
    assert.ok(rollouts > 0);
    assert.deepEqual(
      outcomes.map(({ target, counts }) => [target, Object.fromEntries(counts)]),
      [
        ["ClusterIP", { answered: 2_000 }],
        ["node port", { answered: 2_000 }],
      ],
    );
  });
}
