import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { createObjectIndex } from "@fairlead/client/cache/object-index";
import fc from "fast-check";
import { podNames, podTraits, serviceSpecs } from "../service-pods/histories.testing.ts";
import { createKnownServices } from "../service-pods/known-services.ts";
import { podsOfService } from "../service-pods/lookup.ts";
import { pod, service } from "../service-pods/objects.testing.ts";
import { podIndexes, serviceIndexes } from "../service-pods/service-membership.ts";
import { triggerTimes } from "../service-pods/trigger-times.ts";
import { type EndpointsChange, planEndpoints } from "./plan.ts";
import { addressesOf } from "./service-addresses.testing.ts";
import { emptyServiceAddresses, setPod } from "./service-addresses.ts";

const KEY = "default/web";

/** A Service with its pods and Endpoints, whose changes are reported as caches report them. */
function createWorld() {
  const pods = createObjectIndex<Pod>();
  const services = createObjectIndex<Service>();
  const podsBy = pods.addIndexes(podIndexes);
  const read: string[] = [];
  const known = createKnownServices({
    pods: {
      get(key) {
        read.push(key);
        return pods.get(key);
      },
      byIndex(index, value) {
        read.push("all");
        return podsBy.byIndex(index, value);
      },
    },
    services: services.addIndexes(serviceIndexes),
    empty: emptyServiceAddresses,
    setPod,
  });
  const times = triggerTimes();
  services.set(KEY, service());
  const world = {
    endpoints: undefined as Endpoints | undefined,
    /** The keys of the pods that were read since the last call; `all` for those of a Service. */
    takeRead: () => read.splice(0),
    setPod(name: string, after: Pod | undefined): readonly string[] {
      const before = pods.set(`default/${name}`, after);
      return before === undefined && after === undefined
        ? []
        : known.podChanged({ key: `default/${name}`, before, after });
    },
    setService: (of: Service) => services.set(KEY, of),
    forget() {
      known.forget(KEY);
      times.forget(KEY);
    },
    /** Reconciles, and compares the plan with the one of a controller that knew nothing before. */
    look(): EndpointsChange | undefined {
      const of = services.get(KEY);
      assert.ok(of);
      const all = podsOfService(podsBy, of);
      const { state, triggerTime } = known.read(KEY, of);
      const change = planEndpoints(state, { current: world.endpoints, triggerTime });
      const inputs = { current: world.endpoints, triggerTime: times.next(KEY, of, all) };
      assert.deepEqual(change, planEndpoints(addressesOf(of, all), inputs));
      return change;
    },
    write(change: EndpointsChange | undefined) {
      if (change !== undefined) world.endpoints = change.endpoints as Endpoints; // Made by the plan, so complete.
    },
  };
  return world;
}

type Step = (world: ReturnType<typeof createWorld>) => void;
const step = <T>(of: fc.Arbitrary<T>, does: (w: ReturnType<typeof createWorld>, value: T) => void) =>
  of.map(
    (value): Step =>
      (w) =>
        does(w, value),
  );
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: step(fc.tuple(podNames, podTraits), (w, [name, t]) => w.setPod(name, pod({ ...t, name }))) },
  { weight: 2, arbitrary: step(podNames, (w, name) => w.setPod(name, undefined)) },
  { weight: 1, arbitrary: step(serviceSpecs, (w, spec) => w.setService(service(spec))) },
  {
    weight: 1,
    arbitrary: step(fc.nat({ max: 99 }), (w, n) => {
      w.forget();
      w.setService(service({}, { uid: `uid-${n}` }));
    }),
  },
  {
    weight: 8,
    arbitrary: step(fc.constantFrom(true, true, true, false), (w, isWritten) => {
      const change = w.look();
      if (isWritten) w.write(change);
    }),
  },
);

test("a plan from what changed is the plan from nothing, whatever pods and Service did before", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60, size: "max" }), (history) => {
      const world = createWorld();
      for (const take of history) take(world);
      world.write(world.look());
      assert.equal(world.look(), undefined, "once applied, there is nothing left to do");
    }),
    { numRuns: 300 },
  );
});

test("one changed pod of many: no other pod is read", () => {
  const world = createWorld();
  for (let i = 0; i < 30; i++) world.setPod(`p${i}`, pod({ name: `p${i}`, ips: [`10.244.0.${i}`] }));
  world.write(world.look());
  assert.deepEqual(world.takeRead(), ["all"]);
  assert.deepEqual(world.setPod("p7", pod({ name: "p7", ips: ["10.244.0.7"], ready: false })), [KEY, KEY]);
  const change = world.look();
  assert.deepEqual(world.takeRead(), ["default/p7"]);
  assert.deepEqual(
    change?.endpoints.subsets?.[0]?.notReadyAddresses?.map(({ ip }) => ip),
    ["10.244.0.7"],
  );
});

test("more pods than Endpoints hold: one that is cut off makes no write", () => {
  const world = createWorld();
  const at = (i: number, ready = true) =>
    pod({ name: `p${i}`, ips: [`10.244.${100 + Math.floor(i / 100)}.${100 + (i % 100)}`], ready });
  for (let i = 0; i < 1_200; i++) world.setPod(`p${i}`, at(i));
  world.write(world.look());
  world.setPod("p1100", at(1_100, false));
  assert.equal(world.look(), undefined);
  world.setPod("p7", at(7, false));
  const change = world.look();
  assert.equal(change?.endpoints.subsets?.[0]?.addresses?.length, 1_000);
  assert.equal(change?.endpoints.subsets?.[0]?.addresses?.at(-1)?.targetRef?.name, "p1000");
});
