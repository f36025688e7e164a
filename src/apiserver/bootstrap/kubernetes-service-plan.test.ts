import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import {
  kubernetesEndpointSlice,
  kubernetesEndpoints,
  kubernetesService,
  repairEndpointSlice,
  repairEndpoints,
  repairService,
} from "./kubernetes-service-plan.ts";
import type { Repair } from "./repair.ts";

function updated<T>(repair: Repair<T>): T | undefined {
  return repair.verb === "update" ? repair.object : undefined;
}

const wanted = { serviceIP: "10.96.0.1", addresses: ["172.30.0.2", "172.30.0.1"], port: 6443 };
// Drafts of ours are complete but for what the API server adds.
const service = kubernetesService(wanted) as Service;
const endpoints = kubernetesEndpoints(wanted) as Endpoints;
const slice = kubernetesEndpointSlice(wanted) as EndpointSlice;

test("what is right is left alone", () => {
  assert.equal(repairService(service, service).verb, "keep");
  assert.equal(repairEndpoints(endpoints, endpoints).verb, "keep");
  assert.equal(repairEndpointSlice(slice, slice).verb, "keep");
});

const services: { name: string; ports: Service["spec"]["ports"] }[] = [
  { name: "another port", ports: [{ name: "https", port: 8443, protocol: "TCP", targetPort: 6443 }] },
  { name: "another target", ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 443 }] },
  { name: "one port more", ports: [...(service.spec.ports ?? []), { name: "more", port: 1, protocol: "TCP" }] },
  { name: "no ports", ports: [] },
];

for (const { name, ports } of services) {
  test(`repairService: ${name}`, () => {
    const repair = repairService({ ...service, spec: { ...service.spec, ports } }, service);
    assert.deepEqual(updated(repair)?.spec.ports, service.spec.ports);
  });
}

test("repairEndpoints: an address that is not a server's goes, a label that is missing comes", () => {
  const subsets = [
    { addresses: [{ ip: "172.30.0.9" }], ports: [{ name: "https", port: 6443, protocol: "TCP" as const }] },
  ];
  assert.deepEqual(updated(repairEndpoints({ ...endpoints, subsets }, endpoints))?.subsets, endpoints.subsets);
  const unlabelled = { ...endpoints, metadata: { ...endpoints.metadata, labels: {} } };
  assert.deepEqual(updated(repairEndpoints(unlabelled, endpoints))?.metadata.labels, endpoints.metadata.labels);
});

test("repairEndpointSlice: endpoints come back, and another family makes another slice", () => {
  const repair = repairEndpointSlice({ ...slice, endpoints: [] }, slice);
  assert.deepEqual(updated(repair)?.endpoints, slice.endpoints);
  assert.equal(repairEndpointSlice({ ...slice, addressType: "IPv6" }, slice).verb, "replace");
});

test("kubernetesEndpoints: addresses are in order, whatever the order of the servers", () => {
  assert.deepEqual(endpoints.subsets?.[0]?.addresses, [{ ip: "172.30.0.1" }, { ip: "172.30.0.2" }]);
});
