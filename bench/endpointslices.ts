/**
 * What one changed pod costs the EndpointSlice controller and the Endpoints controller, in milliseconds of CPU: the change is
 * noted, the pod read, the writes planned, and what was written found to be right. Each round makes one more pod not ready. The
 * writes are made in memory and not counted.
 *
 * The yardstick is the same for a controller that has just started and knows nothing: all pods are read, and all slices.
 *
 *     BENCH_PODS="1000 5000 20000" node bench/endpointslices.ts
 */
import { cpus, loadavg } from "node:os";
import type { Endpoints } from "../src/api/core/v1/endpoints/endpoints.ts";
import type { Pod } from "../src/api/core/v1/pod/pod.ts";
import type { Service } from "../src/api/core/v1/service/service.ts";
import type { EndpointSlice } from "../src/api/discovery/v1/endpointslice/endpointslice.ts";
import type { CacheChange } from "../src/client/cache/cache.ts";
import { createObjectIndex } from "../src/client/cache/object-index.ts";
import { type EndpointsChange, planEndpoints } from "../src/controllers/endpoints/plan.ts";
import { emptyServiceAddresses, setPod } from "../src/controllers/endpoints/service-addresses.ts";
import type { SliceChange } from "../src/controllers/endpointslice/pack.ts";
import { planEndpointSlices } from "../src/controllers/endpointslice/plan.ts";
import { createServicesWithEndpoints } from "../src/controllers/endpointslice/services-with-endpoints.ts";
import { createKnownServices } from "../src/controllers/service-pods/known-services.ts";
import { node, pod, service } from "../src/controllers/service-pods/objects.testing.ts";
import { podIndexes, serviceIndexes } from "../src/controllers/service-pods/service-membership.ts";

const ROUNDS = 200;
const ROUNDS_FROM_NOTHING = 10;
const KEY = "default/web";
const host = node("n1", { "topology.kubernetes.io/zone": "a" });
const web = service({});

/** A controller that writes in memory. */
interface Subject {
  podChanged(change: CacheChange<Pod>): void;
  /** Returns how many writes there are to make. */
  plan(): number;
  /** Makes the planned writes. */
  write(): void;
  /** Forgets all but what was written. */
  restart(): void;
}

for (const count of (process.env.BENCH_PODS ?? "1000 5000 20000").split(" ").map(Number)) {
  for (const [name, of] of Object.entries({ EndpointSlices: slicesSubject, Endpoints: endpointsSubject })) {
    const { subject, setReady } = createWorld(count, of);
    measure(2, subject, () => {});
    const fromNothing = measure(ROUNDS_FROM_NOTHING, subject, () => subject.restart());
    let unready = 0;
    const changed = measure(ROUNDS, subject, () => setReady(unready++, false));
    process.stdout.write(
      `${count} pods, ${name}: ${changed.eachMs.toFixed(2)} ms for one changed pod, ${changed.writes} writes; ` +
        `from nothing ${fromNothing.eachMs.toFixed(1)} ms; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
  }
}

/** Lets something change, plans and writes, and plans again, so many times. Processor time and writes are of one time. */
function measure(rounds: number, subject: Subject, change: () => void) {
  let us = 0;
  let writes = 0;
  for (let round = 0; round < rounds; round++) {
    us += costUs(() => {
      change();
      writes += subject.plan();
    });
    subject.write();
    us += costUs(() => {
      writes += subject.plan();
    });
  }
  return { eachMs: us / rounds / 1_000, writes: writes / rounds };
}

function costUs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

type Copies = ReturnType<typeof createCopies>["copies"];

/** The copies of the API's objects that controllers read. */
function createCopies() {
  const pods = createObjectIndex<Pod>();
  const services = createObjectIndex<Service>();
  const podsBy = pods.addIndexes({ ...podIndexes, node: ({ spec }) => [spec.nodeName ?? ""] });
  services.set(KEY, web);
  const copies = {
    pods: { get: pods.get, byIndex: podsBy.byIndex },
    services: services.addIndexes(serviceIndexes),
    nodes: { get: () => host },
  };
  return { pods, copies };
}

/** A Service with so many ready pods. */
function createWorld(count: number, of: (copies: Copies) => Subject) {
  const { pods, copies } = createCopies();
  const subject = of(copies);

  function setReady(i: number, ready: boolean): void {
    const ips = [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`];
    const after = pod({ name: `p${i}`, ips, node: "n1", ready });
    const key = `default/p${i}`;
    const before = pods.set(key, after);
    subject.podChanged({ key, before, after });
  }
  for (let i = 0; i < count; i++) setReady(i, true);
  return { subject, setReady };
}

function slicesSubject(copies: Copies): Subject {
  let known = createServicesWithEndpoints(copies);
  let planned: readonly SliceChange[] = [];
  const slices = new Map<string, EndpointSlice>();
  let version = 0;
  return {
    podChanged: (change) => known.podChanged(change),
    restart: () => {
      known = createServicesWithEndpoints(copies);
    },
    plan() {
      const { state, triggerTime } = known.read(KEY, web);
      planned = planEndpointSlices(state, { slices: [...slices.values()], endpointsMax: 100, triggerTime }).changes;
      return planned.length;
    },
    write() {
      for (const change of planned) {
        const copy = structuredClone(change.slice) as EndpointSlice;
        version += 1;
        const name = change.verb === "create" ? `s${version}` : copy.metadata.name;
        const metadata = { ...copy.metadata, name, resourceVersion: String(version) };
        if (change.verb === "delete") slices.delete(name);
        else slices.set(name, { ...copy, metadata });
      }
    },
  };
}

function endpointsSubject(copies: Copies): Subject {
  const start = () => createKnownServices({ ...copies, empty: emptyServiceAddresses, setPod });
  let known = start();
  let planned: EndpointsChange | undefined;
  let current: Endpoints | undefined;
  return {
    podChanged: (change) => known.podChanged(change),
    restart: () => {
      known = start();
    },
    plan() {
      const { state, triggerTime } = known.read(KEY, web);
      planned = planEndpoints(state, { current, triggerTime });
      return planned === undefined ? 0 : 1;
    },
    write() {
      if (planned !== undefined) current = structuredClone(planned.endpoints) as Endpoints;
    },
  };
}
