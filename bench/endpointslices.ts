/**
 * What one changed pod costs the EndpointSlice controller, in milliseconds of CPU: the pod is read, the writes are planned and
 * carried out in memory, and the slices are found to be right. Each round makes one more pod not ready.
 *
 * The yardstick is the same for a controller that has just started and knows nothing: all pods and slices are read.
 *
 *     BENCH_PODS="1000 5000 20000" node bench/endpointslices.ts
 */
import { cpus, loadavg } from "node:os";
import type { Pod } from "../src/api/core/v1/pod/pod.ts";
import type { Service } from "../src/api/core/v1/service/service.ts";
import type { EndpointSlice } from "../src/api/discovery/v1/endpointslice/endpointslice.ts";
import { createObjectIndex } from "../src/client/cache/object-index.ts";
import { createKnownServices } from "../src/controllers/endpointslice/known-services.ts";
import { planEndpointSlices } from "../src/controllers/endpointslice/plan.ts";
import { node, pod, service } from "../src/controllers/service-pods/objects.testing.ts";
import { podIndexes, serviceIndexes } from "../src/controllers/service-pods/service-membership.ts";

const ROUNDS = 200;
const ROUNDS_FROM_NOTHING = 10;
const KEY = "default/web";
const host = node("n1", { "topology.kubernetes.io/zone": "a" });
const web = service({});

for (const count of (process.env.BENCH_PODS ?? "1000 5000 20000").split(" ").map(Number)) {
  const world = createWorld(count);
  world.reconcile();
  world.reconcile();
  const fromNothing = measure(ROUNDS_FROM_NOTHING, () => {
    world.restart();
    return world.reconcile();
  });
  let unready = 0;
  const changed = measure(ROUNDS, () => {
    world.setReady(unready++, false);
    const writes = world.reconcile();
    return writes + world.reconcile();
  });
  process.stdout.write(
    `${count} pods: ${changed.eachMs.toFixed(2)} ms for one changed pod, ${changed.writes} writes; ` +
      `from nothing ${fromNothing.eachMs.toFixed(1)} ms; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}

/** Runs it so many times. Processor time and writes are of one run. */
function measure(rounds: number, run: () => number) {
  const startUs = process.cpuUsage().user;
  let writes = 0;
  for (let round = 0; round < rounds; round++) writes += run();
  return { eachMs: (process.cpuUsage().user - startUs) / rounds / 1_000, writes: writes / rounds };
}

/** A Service with so many ready pods, and slices that are written in memory. */
function createWorld(count: number) {
  const pods = createObjectIndex<Pod>();
  const services = createObjectIndex<Service>();
  const podsBy = pods.addIndexes({ ...podIndexes, node: ({ spec }) => [spec.nodeName ?? ""] });
  const copies = {
    pods: { get: pods.get, byIndex: podsBy.byIndex },
    services: services.addIndexes(serviceIndexes),
    nodes: { get: () => host },
  };
  services.set(KEY, web);
  let known = createKnownServices(copies);
  const slices = new Map<string, EndpointSlice>();
  let version = 0;

  function setReady(i: number, ready: boolean): void {
    const ips = [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`];
    const after = pod({ name: `p${i}`, ips, node: "n1", ready });
    const key = `default/p${i}`;
    const before = pods.set(key, after);
    known.podChanged({ key, before, after });
  }
  for (let i = 0; i < count; i++) setReady(i, true);

  return {
    setReady,
    restart: () => {
      known = createKnownServices(copies);
    },
    reconcile(): number {
      const { state, triggerTime } = known.read(KEY, web);
      const plan = planEndpointSlices(state, { slices: [...slices.values()], endpointsMax: 100, triggerTime });
      for (const change of plan.changes) {
        const copy = structuredClone(change.slice) as EndpointSlice;
        version += 1;
        const name = change.verb === "create" ? `s${version}` : copy.metadata.name;
        const metadata = { ...copy.metadata, name, resourceVersion: String(version) };
        if (change.verb === "delete") slices.delete(name);
        else slices.set(name, { ...copy, metadata });
      }
      return plan.changes.length;
    },
  };
}
