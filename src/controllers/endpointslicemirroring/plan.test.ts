import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { SliceChange } from "../endpointslice/pack.ts";
import { applied } from "../endpointslice/service-endpoints.testing.ts";
import { isMirrored, planMirroredSlices } from "./plan.ts";

interface Subset {
  readonly port?: number;
  readonly ready?: readonly string[];
  readonly notReady?: readonly string[];
}

const cases: { name: string; before?: Subset[]; subsets: Subset[]; want: string[] }[] = [
  {
    name: "one slice for a subset",
    subsets: [{ ready: ["192.0.2.1", "192.0.2.2"] }],
    want: ["create IPv4 80 192.0.2.1 192.0.2.2"],
  },
  {
    name: "not ready stays not ready",
    subsets: [{ ready: ["192.0.2.1"], notReady: ["192.0.2.2"] }],
    want: ["create IPv4 80 192.0.2.1 192.0.2.2!"],
  },
  {
    name: "families are apart",
    subsets: [{ ready: ["192.0.2.1", "2001:db8::1"] }],
    want: ["create IPv4 80 192.0.2.1", "create IPv6 80 2001:db8::1"],
  },
  { name: "unchanged", before: [{ ready: ["192.0.2.1"] }], subsets: [{ ready: ["192.0.2.1"] }], want: [] },
  {
    name: "an address more",
    before: [{ ready: ["192.0.2.1"] }],
    subsets: [{ ready: ["192.0.2.1", "192.0.2.9"] }],
    want: ["update s0 IPv4 80 192.0.2.1 192.0.2.9"],
  },
  {
    name: "another port takes the slice over",
    before: [{ ready: ["192.0.2.1"] }],
    subsets: [{ port: 81, ready: ["192.0.2.1"] }],
    want: ["update s0 IPv4 81 192.0.2.1"],
  },
  { name: "no subsets any more", before: [{ ready: ["192.0.2.1"] }], subsets: [], want: ["delete s0"] },
];

for (const { name, before, subsets, want } of cases) {
  test(`planMirroredSlices: ${name}`, () => {
    const slices = before === undefined ? [] : applied([], planMirroredSlices(endpoints(before), []));
    const changes = planMirroredSlices(endpoints(subsets), slices);
    assert.deepEqual(changes.map(format), want);
    assert.deepEqual(
      planMirroredSlices(endpoints(subsets), applied(slices, changes)),
      [],
      "once applied, nothing is left",
    );
  });
}

test("planMirroredSlices: labels and annotations are copied, but for kubectl's and the trigger time", () => {
  const source = endpoints([{ ready: ["192.0.2.1"] }], {
    labels: { team: "x" },
    annotations: { note: "y", "kubectl.kubernetes.io/last-applied-configuration": "{}" },
  });
  const [change] = planMirroredSlices(source, []);
  assert.deepEqual(change?.slice.metadata?.annotations, { note: "y" });
  assert.deepEqual(change?.slice.metadata?.labels, {
    team: "x",
    "kubernetes.io/service-name": "db",
    "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
  });
});

test("planMirroredSlices: Endpoints of many subsets: the ports of no slice are read for each subset", () => {
  const source = endpoints(Array.from({ length: 300 }, (_, i) => ({ port: 1 + i, ready: ["192.0.2.1"] })));
  let reads = 0;
  const slices = applied([], planMirroredSlices(source, [])).map((slice) => ({
    ...slice,
    get ports() {
      reads++;
      return slice.ports;
    },
  }));
  assert.deepEqual(planMirroredSlices(source, slices), []);
  assert.ok(reads <= 2 * slices.length, `${reads} reads of ${slices.length} slices`);
});

test("isMirrored: not those that opt out, or are locks", () => {
  assert.equal(isMirrored(endpoints([])), true);
  assert.equal(isMirrored(endpoints([], { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } })), false);
  assert.equal(isMirrored(endpoints([], { labels: { "service.kubernetes.io/headless": "" } })), true);
  assert.equal(isMirrored(endpoints([], { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } })), false);
});

function endpoints(
  subsets: readonly Subset[],
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
): Endpoints {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "db", namespace: "default", uid: "u1", resourceVersion: "1", creationTimestamp: "", ...metadata },
    subsets: subsets.map(({ port = 80, ready = [], notReady = [] }) => ({
      addresses: ready.map((ip) => ({ ip })),
      notReadyAddresses: notReady.map((ip) => ({ ip })),
      ports: [{ port, protocol: "TCP" }],
    })),
  };
}

function format({ verb, slice }: SliceChange): string {
  if (verb === "delete") return `delete ${slice.metadata.name}`;
  const { addressType, ports, endpoints: listed } = slice as EndpointSlice;
  const addresses = listed.map((e) => `${e.addresses[0]}${e.conditions.ready ? "" : "!"}`);
  return [verb, ...(verb === "update" ? [slice.metadata?.name] : []), addressType, ports[0]?.port, ...addresses].join(
    " ",
  );
}
