import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cluster, node, type PodTraits, pod } from "../state/cluster.testing.ts";
import { type ClusterState, labelOf } from "../state/cluster-state.ts";
import { factsOf, type PodFacts } from "../state/pod-facts.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";
const nodes = ["a", "a", "b", undefined].map((zone, i) =>
  node(`n${i}`, zone === undefined ? {} : { labels: { [ZONE]: zone } }),
);

const app = fc.constantFrom("web", "db");
const term = fc
  .record({ name: app, topologyKey: fc.constantFrom(ZONE, HOST), byNamespace: fc.boolean() })
  .map(({ name, topologyKey, byNamespace }) => ({
    ...{ topologyKey, labelSelector: { matchLabels: { app: name } } },
    ...(byNamespace && { namespaceSelector: {} }),
  }));
const preferred = fc.array(fc.record({ podAffinityTerm: term, weight: fc.integer({ min: 1, max: 100 }) }), {
  maxLength: 2,
});
const wishes: fc.Arbitrary<PodTraits> = fc
  .record({ label: app, near: preferred, far: preferred, required: fc.array(term, { maxLength: 1 }) })
  .map(({ label, near, far, required }) => ({
    labels: { app: label },
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: near,
        requiredDuringSchedulingIgnoredDuringExecution: required,
      },
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: far },
    },
  }));

/** The scores by asking every pod on every node about every term. */
function byHand(facts: PodFacts, state: ClusterState): readonly number[] {
  const weights = new Map<string, number>();
  for (const where of state.nodes) {
    for (const other of where.pods) {
      const about = [
        ...facts.preferredAffinity.map((t) => ({ t, weight: t.weight, target: other })),
        ...other.preferredAffinity.map((t) => ({ t, weight: t.weight, target: facts })),
        ...other.requiredAffinity.map((t) => ({ t, weight: 1, target: facts })),
      ];
      for (const { t, weight, target } of about) {
        const value = labelOf(where, t.topologyKey);
        const labels = state.namespaceLabels(target.pod.metadata.namespace ?? "");
        if (value === undefined || !t.matches(target.pod, labels)) continue;
        const domain = `${t.topologyKey}=${value}`;
        weights.set(domain, (weights.get(domain) ?? 0) + weight);
      }
    }
  }
  const sums = state.nodes.map(({ node: { metadata } }) =>
    Object.entries(metadata.labels ?? {}).reduce((sum, [key, value]) => sum + (weights.get(`${key}=${value}`) ?? 0), 0),
  );
  const [lowest, highest] = [Math.min(...sums), Math.max(...sums)];
  return sums.map((sum) => (highest === lowest ? 0 : Math.floor((100 * (sum - lowest)) / (highest - lowest))));
}

test("whatever pods wish, the scores are those by asking every pod", () => {
  const placed = fc.array(fc.record({ wishes, at: fc.nat(nodes.length - 1) }), { maxLength: 8 });
  fc.assert(
    fc.property(placed, fc.array(wishes, { minLength: 1, maxLength: 3 }), (others, newcomers) => {
      const pods = others.map(({ wishes: traits, at }, i) => pod({ ...traits, name: `p${i}`, nodeName: `n${at}` }));
      const state = cluster(nodes, pods);
      // One after another, so that the later ones find what was counted for the first.
      for (const traits of newcomers) {
        const facts = factsOf(pod({ ...traits, name: "new" }));
        assert.deepEqual(interPodAffinity(facts, state, state.nodes), byHand(facts, state));
      }
    }),
    { numRuns: 500 },
  );
});
