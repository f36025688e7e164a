import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { userNamed } from "../authz/attributes.testing.ts";
import type { AdmissionRequest } from "./admission.ts";
import { admissionRequest } from "./admission-request.testing.ts";
import { dnsRestriction } from "./dns-restriction.ts";

const user = userNamed("system:fairlead:dns:n1", "system:fairlead:dns");
const server = 'DNS server of node "n1"';
const labels = { "kubernetes.io/service-name": "kube-dns" };
const endpoint = { addresses: ["172.30.0.11"], nodeName: "n1", hints: { forNodes: [{ name: "n1" }] } };

function slice(metadata: object = {}, endpoints: Draft<EndpointSlice>["endpoints"] = [endpoint]): EndpointSlice {
  const whole = { name: "kube-dns-n1", namespace: "kube-system", labels, ...metadata };
  return complete(endpointSliceKind, { metadata: whole, addressType: "IPv4", endpoints, ports: [] });
}

const write = (object: EndpointSlice, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  ...admissionRequest({ kind: endpointSliceKind, object, user }),
  ...more,
});
const ownerOf = (kind: string, name: string) => [{ apiVersion: "v1", kind, name, uid: "u" }];
const foreign = `${server} can only write EndpointSlice "kube-system/kube-dns-n1"`;
const unhinted = `${server} can only set endpoints of its own node with a hint for that node`;

const cases: readonly { readonly name: string; readonly request: AdmissionRequest; readonly want: string }[] = [
  { name: "its slice", request: write(slice()), want: "passes" },
  {
    name: "its slice, owned by its Node",
    request: write(slice({ ownerReferences: ownerOf("Node", "n1") })),
    want: "passes",
  },
  { name: "the end of its slice", request: write(slice({ labels: {} }), { operation: "delete" }), want: "passes" },
  { name: "another server's slice", request: write(slice({ name: "kube-dns-n2" })), want: foreign },
  {
    name: "the end of another server's slice",
    request: write(slice({ name: "kube-dns-n2" }), { operation: "delete" }),
    want: foreign,
  },
  { name: "a slice elsewhere", request: write(slice({ namespace: "shop" })), want: foreign },
  {
    name: "a slice of another Service",
    request: write(slice({ labels: { "kubernetes.io/service-name": "metrics" } })),
    want: `${server} can only list itself in Service "kube-system/kube-dns"`,
  },
  {
    name: "an owner that is another Node",
    request: write(slice({ ownerReferences: ownerOf("Node", "n2") })),
    want: `${server} can only set an owner reference to its own Node`,
  },
  { name: "an endpoint of another node", request: write(slice({}, [{ ...endpoint, nodeName: "n2" }])), want: unhinted },
  { name: "an endpoint for all nodes", request: write(slice({}, [{ ...endpoint, hints: {} }])), want: unhinted },
  {
    name: "an endpoint for another node",
    request: write(slice({}, [{ ...endpoint, hints: { forNodes: [{ name: "n1" }, { name: "n2" }] } }])),
    want: unhinted,
  },
  {
    name: "an endpoint for a zone",
    request: write(slice({}, [{ ...endpoint, hints: { ...endpoint.hints, forZones: [{ name: "z" }] } }])),
    want: unhinted,
  },
  {
    name: "writes of another identity",
    request: write(slice({ name: "a" }), { user: userNamed("alice") }),
    want: "passes",
  },
];

for (const { name, request, want } of cases) {
  test(`DNSRestriction: ${name}`, async () => {
    try {
      await dnsRestriction.validate?.(request);
      assert.equal("passes", want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.message.replace(/^\S+ "[^"]*" is forbidden: /, ""), want);
    }
  });
}
