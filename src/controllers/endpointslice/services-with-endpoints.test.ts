import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { createObjectIndex } from "@fairlead/client/cache/object-index";
import fc from "fast-check";
import { podNames, podTraits, serviceSpecs } from "../service-pods/histories.testing.ts";
import { podsOfService } from "../service-pods/lookup.ts";
import { node, pod, service } from "../service-pods/objects.testing.ts";
import { podIndexes, serviceIndexes } from "../service-pods/service-membership.ts";
import { triggerTimes } from "../service-pods/trigger-times.ts";
import type { SliceChange } from "./pack.ts";
import { planEndpointSlices } from "./plan.ts";
import { applied, endpointsOf } from "./service-endpoints.testing.ts";
import { createServicesWithEndpoints } from "./services-with-endpoints.ts";

const KEY = "default/web";
const ZONE = "topology.kubernetes.io/zone";

/** A Service with its pods, nodes and slices, whose changes are reported as caches report them. */
function createWorld() {
  const pods = createObjectIndex<Pod>();
  const services = createObjectIndex<Service>();
  const nodes = createObjectIndex<Node>();
  const podsBy = pods.addIndexes({ ...podIndexes, node: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []) });
  const servicesBy = services.addIndexes(serviceIndexes);
  const known = createServicesWithEndpoints({
    pods: { get: pods.get, byIndex: podsBy.byIndex },
    services: servicesBy,
    nodes,
  });
  const times = triggerTimes();
  let slices: readonly EndpointSlice[] = [];
  let version = 1;
  const current = () => {
    const of = services.get(KEY);
    assert.ok(of);
    return of;
  };

  /** What the API server sets: a version for each write, and a name for a new object. */
  const written = ({ metadata: { resourceVersion } }: EndpointSlice) => {
    version += 1;
    return { resourceVersion: String(version), ...(resourceVersion === undefined && { name: `web-${version}` }) };
  };

  const world = {
    get slices() {
      return slices;
    },
    setSlices(next: readonly EndpointSlice[]) {
      const before = new Set(slices);
      slices = next.map((slice) =>
        before.has(slice) ? slice : { ...slice, metadata: { ...slice.metadata, ...written(slice) } },
      );
    },
    setPod(name: string, after: Pod | undefined): readonly string[] {
      const before = pods.set(`default/${name}`, after);
      return before === undefined && after === undefined
        ? []
        : known.podChanged({ key: `default/${name}`, before, after });
    },
    setNode(name: string, after: Node | undefined): readonly string[] {
      const before = nodes.set(name, after);
      return before === undefined && after === undefined ? [] : known.nodeChanged({ key: name, before, after });
    },
    setService: (of: Service) => services.set(KEY, of),
    forget() {
      known.forget(KEY);
      times.forget(KEY);
    },
    plan(of: readonly EndpointSlice[]) {
      const { state, triggerTime } = known.read(KEY, current());
      return planEndpointSlices(state, { slices: of, endpointsMax: 3, triggerTime });
    },
    /** Plans what the controller would, and what it would plan if it knew nothing from before. */
    plans() {
      const of = current();
      const all = podsOfService(podsBy, of);
      const whole = endpointsOf(of, all, (name) => nodes.get(name));
      const triggerTime = times.next(KEY, of, all);
      return {
        plan: world.plan(slices),
        fromNothing: planEndpointSlices(whole, { slices, endpointsMax: 3, triggerTime }),
      };
    },
  };
  world.setService(service());
  return world;
}

type World = ReturnType<typeof createWorld>;

const index = fc.nat({ max: 8 });

type Step = (world: World) => void;
const foreignWrites: readonly ((slices: readonly EndpointSlice[], at: number) => readonly EndpointSlice[])[] = [
  (slices, at) => slices.filter((_, i) => i !== at),
  (slices, at) => slices.map((s, i) => (i === at ? { ...s, endpoints: s.endpoints.slice(1) } : s)),
  (slices, at) => slices.map((s, i) => (i === at ? { ...s, endpoints: slices.flatMap((o) => o.endpoints) } : s)),
  (slices, at) => slices.map((s, i) => (i === at ? { ...s, metadata: { ...s.metadata, labels: {} } } : s)),
  (slices, at) => slices.map((s, i) => (i === at ? { ...s, ports: [] } : s)),
  (slices, at) => slices.map((s, i) => (i === at ? { ...s, metadata: { ...s.metadata, ownerReferences: [] } } : s)),
  (slices, at) => [...slices.slice(at + 1), ...slices.slice(0, at + 1)],
  (slices, at) =>
    slices.map((s, i) =>
      i === at ? { ...s, endpoints: s.endpoints.map((e) => ({ ...e, conditions: { ready: false } })) } : s,
    ),
];
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(podNames, podTraits).map(
      ([name, t]): Step =>
        (w) =>
          w.setPod(name, pod({ ...t, name })),
    ),
  },
  {
    weight: 2,
    arbitrary: podNames.map(
      (name): Step =>
        (w) =>
          w.setPod(name, undefined),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("n1", "n2"), fc.constantFrom("a", "b", "", "-")).map(
      ([name, zone]): Step =>
        (w) =>
          w.setNode(name, zone === "-" ? undefined : node(name, zone === "" ? {} : { [ZONE]: zone })),
    ),
  },
  {
    weight: 1,
    arbitrary: serviceSpecs.map(
      (s): Step =>
        (w) =>
          w.setService(service(s as Parameters<typeof service>[0])),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 99 }).map(
      (n): Step =>
        (w) => {
          w.forget();
          w.setService(service({}, { uid: `uid-${n}` }));
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...foreignWrites), index).map(
      ([write, at]): Step =>
        (w) =>
          w.setSlices(write(w.slices, at)),
    ),
  },
  // The first so many writes succeed.
  {
    weight: 8,
    arbitrary: fc.constantFrom(0, 1, 99, 99, 99).map(
      (count): Step =>
        (w) =>
          look(w, count),
    ),
  },
);

test("a plan from what changed is the plan from nothing, whatever pods, nodes, Service and slices did before", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60, size: "max" }), (history) => {
      const world = createWorld();
      world.setNode("n1", node("n1", { [ZONE]: "a" }));
      for (const step of history) step(world);
      look(world, 99);
      const { plan } = world.plans();
      assert.deepEqual(plan.changes, [], "once applied, there is nothing left to do");
    }),
    { numRuns: 300 },
  );
});

test("a pod that changes in nothing that endpoints show makes no Service be reconciled, and is read all the same", () => {
  const world = createWorld();
  world.setNode("n1", node("n1"));
  assert.deepEqual(world.setPod("p1", pod({ ready: false, readySince: "2026-01-01T00:00:10Z" })), [KEY]);
  look(world, 99);
  assert.deepEqual(world.setPod("p1", pod({ ready: false, readySince: "2026-01-01T00:00:20Z" })), []);
  assert.deepEqual(world.setPod("p2", pod({ name: "p2", ips: [] })), [], "it has no address yet");
  look(world, 99);
  assert.ok(world.setPod("p2", pod({ name: "p2" })).includes(KEY));
  look(world, 99);
});

test("a node that comes, or changes its zone, makes the Services of its pods be reconciled", () => {
  const world = createWorld();
  world.setPod("p1", pod());
  assert.deepEqual(world.setNode("n1", node("n1")), [KEY]);
  assert.deepEqual(world.setNode("n1", node("n1", { other: "label" })), []);
  assert.deepEqual(world.setNode("n1", node("n1", { [ZONE]: "a" })), [KEY]);
});

test("one changed pod of many: of the slices, only the pod's own is read", () => {
  const world = createWorld();
  world.setNode("n1", node("n1"));
  for (let i = 0; i < 30; i++) world.setPod(`p${i}`, pod({ name: `p${i}`, ips: [`10.244.0.${i}`] }));
  look(world, 99);
  look(world, 99);
  const read = new Set<string>();
  const watched = world.slices.map((slice): EndpointSlice => {
    const get = (endpoints: EndpointSlice["endpoints"], property: string | symbol): unknown => {
      if (typeof property === "string" && /^\d+$/.test(property)) read.add(slice.metadata.name);
      return Reflect.get(endpoints, property);
    };
    return { ...slice, endpoints: new Proxy(slice.endpoints, { get }) };
  });
  world.setPod("p7", pod({ name: "p7", ips: ["10.244.0.7"], ready: false }));
  const { changes } = world.plan(watched);
  assert.equal(changes.length, 1);
  assert.deepEqual([...read], [changes[0]?.slice.metadata?.name]);
});

/** Reconciles: the first `count` of the planned writes are carried out. */
function look(world: World, count: number): void {
  const { plan, fromNothing } = world.plans();
  assert.deepEqual(plan.changes, fromNothing.changes);
  assert.deepEqual(plan.missingNodes.toSorted(), fromNothing.missingNodes.toSorted());
  const done: readonly SliceChange[] = plan.changes.slice(0, count);
  world.setSlices(applied(world.slices, done));
}
