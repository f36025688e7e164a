import assert from "node:assert/strict";
import { test } from "node:test";
import { claimInPhase, volumeInPhase, withClaim, withoutClaim, withVolume } from "./binding.ts";
import { claim, volume } from "./objects.testing.ts";
import { planClaim, planVolume } from "./plan.ts";

test("the four writes of a binding, and then nothing is left to do", () => {
  const claimed = withClaim(volume({ size: "20Gi" }), claim());
  assert.deepEqual(claimed.spec.claimRef, {
    ...{ kind: "PersistentVolumeClaim", apiVersion: "v1", namespace: "team", name: "c" },
    ...{ uid: "uid-c", resourceVersion: "1" },
  });
  assert.deepEqual(claimed.metadata.annotations, { "pv.kubernetes.io/bound-by-controller": "yes" });
  const bound = volumeInPhase(claimed, "Bound");
  const named = withVolume(claim(), bound);
  assert.equal(named.spec.volumeName, "v");
  assert.deepEqual(named.metadata.annotations, {
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
  });
  const shown = claimInPhase(named, "Bound", bound);
  assert.deepEqual(shown.status, { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "20Gi" } });

  assert.equal(withClaim(bound, shown), bound);
  assert.equal(volumeInPhase(bound, "Bound"), bound);
  assert.equal(withVolume(shown, bound), shown);
  assert.equal(claimInPhase(shown, "Bound", bound), shown);
  const volumes = { get: () => bound, list: () => [bound] };
  assert.deepEqual(planClaim(shown, volumes), { do: "bind", volume: bound });
  assert.deepEqual(planVolume(bound, shown), { do: "show", phase: "Bound" });
});

test("a binding goes on where a crash has left it", () => {
  const claimed = withClaim(volume(), claim());
  for (const seen of [claimed, volumeInPhase(claimed, "Bound")]) {
    const plan = planClaim(claim(), { get: () => seen, list: () => [volume({ name: "a", size: "5Gi" }), seen] });
    assert.deepEqual(plan, { do: "bind", volume: seen });
  }
});

test("what people have chosen is not marked as chosen here", () => {
  const kept = volume({ claimRef: { namespace: "team", name: "c" } });
  assert.equal(withClaim(kept, claim()).metadata.annotations, undefined);
  assert.equal(withClaim(kept, claim()).spec.claimRef?.uid, "uid-c");
  const asked = withVolume(claim({ volumeName: "v" }), volume());
  assert.deepEqual(asked.metadata.annotations, { "pv.kubernetes.io/bind-completed": "yes" });
});

test("a volume is freed; one that was kept for a claim's name is kept on", () => {
  const freed = withoutClaim(withClaim(volume(), claim()));
  assert.equal(freed.spec.claimRef, undefined);
  assert.deepEqual(freed.metadata.annotations, {});
  const kept = withoutClaim(withClaim(volume({ claimRef: { namespace: "team", name: "c" } }), claim()));
  assert.equal(kept.spec.claimRef?.name, "c");
  assert.equal(kept.spec.claimRef?.uid, undefined);
});

test("a claim without a volume shows none of it; a bound one keeps its size", () => {
  const shown = claimInPhase(withVolume(claim(), volume()), "Bound", volume());
  assert.deepEqual(claimInPhase(shown, "Lost").status, { phase: "Lost", accessModes: undefined, capacity: undefined });
  assert.equal(claimInPhase(shown, "Bound", volume({ size: "90Gi" })), shown);
});
