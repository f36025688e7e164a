import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import {
  kubernetesEndpointSlice,
  kubernetesEndpoints,
  kubernetesService,
  repairedEndpointSlice,
  repairedEndpoints,
  repairedService,
} from "./kubernetes-service-plan.ts";

const wanted = { serviceIP: "10.96.0.1", addresses: ["172.30.0.2", "172.30.0.1"], port: 6443 };
// Drafts of ours are complete but for what the API server adds.
const service = kubernetesService(wanted) as Service;
const endpoints = kubernetesEndpoints(wanted) as Endpoints;
const slice = kubernetesEndpointSlice(wanted) as EndpointSlice;

test("what is right is left alone", () => {
  assert.equal(repairedService(service, service), undefined);
  assert.equal(repairedEndpoints(endpoints, endpoints), undefined);
  assert.equal(repairedEndpointSlice(slice, slice), undefined);
});

const services: { name: string; ports: Service["spec"]["ports"] }[] = [
  { name: "another port", ports: [{ name: "https", port: 8443, protocol: "TCP", targetPort: 6443 }] },
  { name: "another target", ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 443 }] },
  { name: "one port more", ports: [...(service.spec.ports ?? []), { name: "more", port: 1, protocol: "TCP" }] },
  { name: "no ports", ports: [] },
];

for (const { name, ports } of services) {
  test(`repairedService: ${name}`, () => {
    const repaired = repairedService({ ...service, spec: { ...service.spec, ports } }, service);
    assert.deepEqual(repaired?.spec.ports, service.spec.ports);
  });
}

test("repairedEndpoints: an address that is not a server's goes, a label that is missing comes", () => {
  const subsets = [
    { addresses: [{ ip: "172.30.0.9" }], ports: [{ name: "https", port: 6443, protocol: "TCP" as const }] },
  ];
  assert.deepEqual(repairedEndpoints({ ...endpoints, subsets }, endpoints)?.subsets, endpoints.subsets);
  const unlabelled = { ...endpoints, metadata: { ...endpoints.metadata, labels: {} } };
  assert.deepEqual(repairedEndpoints(unlabelled, endpoints)?.metadata.labels, endpoints.metadata.labels);
});

test("repairedEndpointSlice: endpoints come back, and another family makes another slice", () => {
  const repaired = repairedEndpointSlice({ ...slice, endpoints: [] }, slice);
  assert.deepEqual(repaired === "replace" ? repaired : repaired?.endpoints, slice.endpoints);
  assert.equal(repairedEndpointSlice({ ...slice, addressType: "IPv6" }, slice), "replace");
});

test("kubernetesEndpoints: addresses are in order, whatever the order of the servers", () => {
  assert.deepEqual(endpoints.subsets?.[0]?.addresses, [{ ip: "172.30.0.1" }, { ip: "172.30.0.2" }]);
});
