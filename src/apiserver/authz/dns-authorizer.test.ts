import assert from "node:assert/strict";
import { test } from "node:test";
import { attributesOf, userNamed } from "./attributes.testing.ts";
import { dnsAuthorizer } from "./dns-authorizer.ts";

const server = userNamed("system:fairlead:dns:n1", "system:fairlead:dns");
const refused = 'can only write EndpointSlice "kube-system/kube-dns-n1"';
const configMaps = "can only read the ConfigMaps fairlead-dns and coredns of kube-system";
const events = "can only write events of kube-system about its configuration";
const slices = "endpointslices.discovery.k8s.io";

const cases: readonly {
  readonly name: string;
  readonly asked: string;
  readonly user?: typeof server;
  readonly want: string;
}[] = [
  { name: "its Node", asked: "get nodes /n1", want: "allow" },
  { name: "another Node", asked: "get nodes /n2", want: "can only get the Node that the DNS server runs on" },
  { name: "its Node's status", asked: "patch nodes/status /n1", want: "" },
  { name: "a change of its Node", asked: "patch nodes /n1", want: "can only get the Node that the DNS server runs on" },
  { name: "a new slice", asked: `create ${slices} kube-system/`, want: "allow" },
  { name: "a new slice elsewhere", asked: `create ${slices} shop/`, want: refused },
  { name: "a change of its slice", asked: `patch ${slices} kube-system/kube-dns-n1`, want: "allow" },
  { name: "the end of its slice", asked: `delete ${slices} kube-system/kube-dns-n1`, want: "allow" },
  { name: "another server's slice", asked: `patch ${slices} kube-system/kube-dns-n2`, want: refused },
  { name: "the end of another server's slice", asked: `delete ${slices} kube-system/kube-dns-n2`, want: refused },
  { name: "a slice of that name elsewhere", asked: `update ${slices} shop/kube-dns-n1`, want: refused },
  { name: "all slices at once", asked: `deletecollection ${slices} kube-system/`, want: refused },
  { name: "a list, which RBAC decides about", asked: `list ${slices} /`, want: "" },
  { name: "its configuration", asked: "watch configmaps kube-system/fairlead-dns", want: "allow" },
  { name: "that of CoreDNS", asked: "list configmaps kube-system/coredns", want: "allow" },
  { name: "all ConfigMaps", asked: "list configmaps kube-system/", want: configMaps },
  { name: "ConfigMaps of that name elsewhere", asked: "get configmaps shop/coredns", want: configMaps },
  { name: "a change of its configuration", asked: "patch configmaps kube-system/coredns", want: configMaps },
  { name: "an event about it", asked: "create events kube-system/", want: "allow" },
  { name: "the count of such an event", asked: "patch events kube-system/coredns.18c", want: "allow" },
  { name: "an event elsewhere", asked: "create events shop/", want: events },
  { name: "another component's event", asked: "patch events kube-system/web.18c", want: events },
  { name: "the end of an event", asked: "delete events kube-system/coredns.18c", want: events },
  { name: "other objects", asked: "get secrets kube-system/a", want: "" },
  {
    name: "a server without a node",
    asked: `create ${slices} kube-system/`,
    user: userNamed("system:fairlead:dns:", "system:fairlead:dns"),
    want: "",
  },
  {
    name: "the name without the group",
    asked: `create ${slices} kube-system/`,
    user: userNamed("system:fairlead:dns:n1"),
    want: "",
  },
  {
    name: "the group without the name",
    asked: `create ${slices} kube-system/`,
    user: userNamed("alice", "system:fairlead:dns"),
    want: "",
  },
];

for (const { name, asked, user = server, want } of cases) {
  test(`dnsAuthorizer: ${name}`, () => {
    const decision = dnsAuthorizer.authorize(attributesOf(asked, user));
    assert.equal(decision.verdict === "allow" ? "allow" : decision.reason, want);
  });
}
