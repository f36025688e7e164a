import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenRequestSchema } from "../authentication/v1/tokenrequest/tokenrequest-schema.ts";
import { complete } from "../complete.testing.ts";
import { endpointsKind } from "../core/v1/endpoints/endpoints.ts";
import { eventKind } from "../core/v1/event/event.ts";
import { nodeKind } from "../core/v1/node/node.ts";
import { podKind } from "../core/v1/pod/pod.ts";
import { serviceKind } from "../core/v1/service/service.ts";
import { endpointSliceKind } from "../discovery/v1/endpointslice/endpointslice.ts";
import type { Kind } from "../kind.ts";
import { builtinKinds } from "../kinds.ts";
import { clusterRoleKind } from "../rbac/v1/clusterrole/clusterrole.ts";
import { roleKind } from "../rbac/v1/role/role.ts";
import type { Schema, Struct } from "../schema.ts";
import { encodeStored } from "./encode.ts";

const metadata = { name: "x" };
const container = { name: "c", image: "i" };

const rows: readonly { readonly name: string; readonly kind: Kind; readonly draft: object; readonly want: object }[] = [
  {
    name: "an ExternalName Service has no ports",
    kind: serviceKind,
    draft: { spec: { type: "ExternalName", externalName: "a.example", ports: [] } },
    want: {
      spec: { type: "ExternalName", externalName: "a.example", sessionAffinity: "None" },
      status: { loadBalancer: {} },
    },
  },
  { name: "a Role always has rules", kind: roleKind, draft: {}, want: { rules: [] } },
  { name: "a ClusterRole always has rules", kind: clusterRoleKind, draft: {}, want: { rules: [] } },
  {
    name: "an Event always has its source and its reporter",
    kind: eventKind,
    draft: { involvedObject: {} },
    want: { involvedObject: {}, source: {}, reportingComponent: "", reportingInstance: "" },
  },
  { name: "Endpoints without subsets have no key for them", kind: endpointsKind, draft: { subsets: [] }, want: {} },
  {
    name: "an EndpointSlice always has endpoints and ports",
    kind: endpointSliceKind,
    draft: { addressType: "IPv4" },
    want: { addressType: "IPv4", endpoints: [], ports: [] },
  },
  {
    name: "a Node always says what it runs on",
    kind: nodeKind,
    draft: {},
    want: {
      spec: {},
      status: {
        daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
        nodeInfo: {
          machineID: "",
          systemUUID: "",
          bootID: "",
          kernelVersion: "",
          osImage: "",
          containerRuntimeVersion: "",
          kubeletVersion: "",
          kubeProxyVersion: "",
          operatingSystem: "",
          architecture: "",
        },
      },
    },
  },
];

for (const { name, kind, draft, want } of rows) {
  test(`encodeStored: ${name}`, () => {
    const {
      apiVersion: _,
      kind: __,
      metadata: ___,
      ...rest
    } = JSON.parse(encodeStored(kind, complete(kind, { metadata, ...draft })));
    assert.deepEqual(rest, want);
  });
}

test("encodeStored: the state of a container is always there", () => {
  const pod = complete(podKind, {
    metadata,
    spec: { containers: [container] },
    status: { containerStatuses: [{ name: "c", ready: false, restartCount: 0, image: "i", imageID: "" }] },
  });
  const { status } = JSON.parse(encodeStored(podKind, pod));
  assert.deepEqual(status.containerStatuses, [
    { name: "c", state: {}, lastState: {}, ready: false, restartCount: 0, image: "i", imageID: "" },
  ]);
});

const APIEXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Lists and maps without `omitempty` in k8s.io/api and k8s.io/apiextensions-apiserver v0.35.0. */
const ALWAYS_THERE = new Set([
  `${APIEXTENSIONS}.CustomResourceDefinitionSpec.versions`,
  `${APIEXTENSIONS}.CustomResourceDefinitionStatus.conditions`,
  `${APIEXTENSIONS}.CustomResourceDefinitionStatus.storedVersions`,
  `${APIEXTENSIONS}.WebhookConversion.conversionReviewVersions`,
  "authentication.v1.TokenRequestSpec.audiences",
  "authorization.v1.NonResourceRule.verbs",
  "authorization.v1.ResourceRule.verbs",
  "authorization.v1.SubjectRulesReviewStatus.nonResourceRules",
  "authorization.v1.SubjectRulesReviewStatus.resourceRules",
  "autoscaling.v2.HorizontalPodAutoscalerStatus.currentMetrics",
  "core.v1.CephFSPersistentVolumeSource.monitors",
  "core.v1.CephFSVolumeSource.monitors",
  "core.v1.ContainerImage.names",
  "core.v1.NodeSelector.nodeSelectorTerms",
  "core.v1.PodExtendedResourceClaimStatus.requestMappings",
  "core.v1.PodSpec.containers",
  "core.v1.ProjectedVolumeSource.sources",
  "core.v1.RBDPersistentVolumeSource.monitors",
  "core.v1.RBDVolumeSource.monitors",
  "discovery.v1.Endpoint.addresses",
  "discovery.v1.EndpointSlice.endpoints",
  "discovery.v1.EndpointSlice.ports",
  "rbac.v1.ClusterRole.rules",
  "rbac.v1.PolicyRule.verbs",
  "rbac.v1.Role.rules",
]);

test("the lists and maps that are there when empty are those that upstream does not omit", () => {
  assert.deepEqual(
    listsAlwaysThere([...builtinKinds.map(({ schema }) => schema), tokenRequestSchema]),
    [...ALWAYS_THERE].sort(),
  );
});

function listsAlwaysThere(roots: readonly Struct[]): readonly string[] {
  const seen = new Set<Struct>();
  const found = new Set<string>();
  const visit = (schema: Schema): void => {
    if (schema.type === "list") visit(schema.items);
    if (schema.type === "map") visit(schema.values);
    if (schema.type !== "struct" || seen.has(schema)) return;
    seen.add(schema);
    for (const [name, { schema: inner, options }] of Object.entries(schema.fields)) {
      visit(inner);
      const isKept = options.required === true || options.present === true || options.filled === true;
      if ((inner.type === "list" || inner.type === "map") && isKept)
        found.add(`${schema.name.split(".api.").at(-1)}.${name}`);
    }
  };
  for (const root of roots) visit(root);
  return [...found].sort();
}
