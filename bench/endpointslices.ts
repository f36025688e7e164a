/**
 * What one changed pod costs the EndpointSlice controller, in milliseconds of CPU: the pods of the Service are found, and the
 * writes are planned. Each round makes one more pod not ready, and the planned writes are carried out in memory.
 *
 *     BENCH_PODS="1000 5000 20000" node bench/endpointslices.ts
 */
import { cpus, loadavg } from "node:os";
import type { Pod } from "../src/api/core/v1/pod/pod.ts";
import type { EndpointSlice } from "../src/api/discovery/v1/endpointslice/endpointslice.ts";
import { createObjectIndex } from "../src/client/cache/object-index.ts";
import { planEndpointSlices } from "../src/controllers/endpointslice/plan.ts";
import { podsOfService } from "../src/controllers/service-pods/lookup.ts";
import { node, pod, service } from "../src/controllers/service-pods/objects.testing.ts";
import { podIndexes } from "../src/controllers/service-pods/service-membership.ts";
import { triggerTimes } from "../src/controllers/service-pods/trigger-times.ts";

const ROUNDS = 20;
const host = node("n1", { "topology.kubernetes.io/zone": "a" });
const web = service({});

for (const count of (process.env.BENCH_PODS ?? "1000 5000 20000").split(" ").map(Number)) {
  const pods = createObjectIndex<Pod>();
  const index = pods.addIndexes(podIndexes);
  const podAt = (i: number, ready: boolean) =>
    pod({ name: `p${i}`, ips: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`], node: "n1", ready });
  for (let i = 0; i < count; i++) pods.set(`default/p${i}`, podAt(i, true));
  const times = triggerTimes();
  let slices: readonly EndpointSlice[] = [];
  let serial = 0;

  const reconcile = () => {
    const selected = podsOfService(index, web);
    const plan = planEndpointSlices({
      ...{ service: web, pods: selected, slices, node: () => host, endpointsMax: 100 },
      triggerTime: times.next("default/web", web, selected),
    });
    for (const change of plan.changes) {
      const written = structuredClone(change.slice) as EndpointSlice;
      const name = change.verb === "create" ? `s${serial++}` : written.metadata.name;
      const others = slices.filter(({ metadata }) => metadata.name !== name);
      slices = change.verb === "delete" ? others : [...others, { ...written, metadata: { ...written.metadata, name } }];
    }
    return plan.changes.length;
  };
  reconcile();
  reconcile();

  const startUs = process.cpuUsage().user;
  let writes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    pods.set(`default/p${round}`, podAt(round, false));
    writes += reconcile();
  }
  const eachMs = (process.cpuUsage().user - startUs) / ROUNDS / 1_000;
  process.stdout.write(
    `${count} pods: ${eachMs.toFixed(2)} ms for one changed pod, ${writes / ROUNDS} writes; ` +
      `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}
