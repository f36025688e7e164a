import assert from "node:assert/strict";
import { before, test } from "node:test";
import { tokenRequestSchema } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { decodeValue } from "@fairlead/api/codec/decode";
import { builtinKinds } from "@fairlead/api/kinds";
import type { Field, Schema, Struct } from "@fairlead/api/schema";
import { decodeBody } from "./body.ts";
import { loadYamlParser } from "./parse-yaml.ts";

before(loadYamlParser);

/**
 * Fields with a constant default that are pointers in k8s.io/api and k8s.io/apiextensions-apiserver v0.35.0: an explicit zero is
 * kept.
 */
const POINTERS = new Set([
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference.port",
  "apps.v1.DaemonSetSpec.revisionHistoryLimit",
  "apps.v1.DeploymentSpec.progressDeadlineSeconds",
  "apps.v1.DeploymentSpec.replicas",
  "apps.v1.DeploymentSpec.revisionHistoryLimit",
  "apps.v1.ReplicaSetSpec.replicas",
  "authentication.v1.TokenRequestSpec.expirationSeconds",
  "core.v1.AzureDiskVolumeSource.cachingMode",
  "core.v1.AzureDiskVolumeSource.fsType",
  "core.v1.AzureDiskVolumeSource.kind",
  "core.v1.ClientIPConfig.timeoutSeconds",
  "core.v1.ConfigMapVolumeSource.defaultMode",
  "core.v1.DownwardAPIVolumeSource.defaultMode",
  "core.v1.GRPCAction.service",
  "core.v1.HostPathVolumeSource.type",
  "core.v1.PersistentVolumeClaimSpec.volumeMode",
  "core.v1.PersistentVolumeSpec.volumeMode",
  "core.v1.PodSpec.terminationGracePeriodSeconds",
  "core.v1.ProjectedVolumeSource.defaultMode",
  "core.v1.ReplicationControllerSpec.replicas",
  "core.v1.SecretVolumeSource.defaultMode",
  "core.v1.ServiceAccountTokenProjection.expirationSeconds",
  "discovery.v1.EndpointPort.name",
  "discovery.v1.EndpointPort.protocol",
]);

/** The other fields with a constant default: upstream's defaulting takes a zero for absence. */
const VALUES = new Set([
  "apps.v1.DaemonSetUpdateStrategy.type",
  "apps.v1.DeploymentStrategy.type",
  "core.v1.Container.terminationMessagePath",
  "core.v1.Container.terminationMessagePolicy",
  "core.v1.ContainerPort.protocol",
  "core.v1.EndpointPort.protocol",
  "core.v1.HTTPGetAction.path",
  "core.v1.HTTPGetAction.scheme",
  "core.v1.ISCSIPersistentVolumeSource.iscsiInterface",
  "core.v1.ISCSIVolumeSource.iscsiInterface",
  "core.v1.NamespaceStatus.phase",
  "core.v1.ObjectFieldSelector.apiVersion",
  "core.v1.PersistentVolumeClaimStatus.phase",
  "core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy",
  "core.v1.PersistentVolumeStatus.phase",
  "core.v1.PodSpec.dnsPolicy",
  "core.v1.PodSpec.restartPolicy",
  "core.v1.PodSpec.schedulerName",
  "core.v1.Probe.failureThreshold",
  "core.v1.Probe.periodSeconds",
  "core.v1.Probe.successThreshold",
  "core.v1.Probe.timeoutSeconds",
  "core.v1.RBDPersistentVolumeSource.keyring",
  "core.v1.RBDPersistentVolumeSource.pool",
  "core.v1.RBDPersistentVolumeSource.user",
  "core.v1.RBDVolumeSource.keyring",
  "core.v1.RBDVolumeSource.pool",
  "core.v1.RBDVolumeSource.user",
  "core.v1.ScaleIOPersistentVolumeSource.fsType",
  "core.v1.ScaleIOPersistentVolumeSource.storageMode",
  "core.v1.ScaleIOVolumeSource.fsType",
  "core.v1.ScaleIOVolumeSource.storageMode",
  "core.v1.Secret.type",
  "core.v1.ServicePort.protocol",
  "core.v1.ServiceSpec.sessionAffinity",
  "core.v1.ServiceSpec.type",
]);

const fields = defaultedFields([...builtinKinds.map(({ schema }) => schema), tokenRequestSchema]);

test("the fields with a scalar default are known to be pointers or values", () => {
  const unknown = [...fields.keys()].filter((name) => !POINTERS.has(name) && !VALUES.has(name));
  const gone = [...POINTERS, ...VALUES].filter((name) => !fields.has(name));
  assert.deepEqual({ unknown, gone }, { unknown: [], gone: [] });
});

for (const [path, { struct, name, field }] of fields) {
  const zero = field.schema.type === "string" ? "" : 0;
  const want = POINTERS.has(path) ? zero : field.options.default;
  const text = `{"${name}":${JSON.stringify(zero)}}`;
  const yaml = `${name}: ${JSON.stringify(zero)}\n`;
  const message = Uint8Array.of(...key(field.number, field.schema.type === "string" ? 2 : 0), 0);

  test(`an explicit zero of ${path} becomes ${JSON.stringify(want)}, in every format`, () => {
    const decoded = [
      { type: "application/json", body: Buffer.from(text) },
      { type: "application/yaml", body: Buffer.from(yaml) },
      { type: "application/vnd.kubernetes.protobuf", body: envelope(message) },
    ].map(({ type, body }) => decodedField(struct, name, { type, body }));
    assert.deepEqual(decoded, [want, want, want]);
  });

  test(`an absent ${path} becomes ${JSON.stringify(field.options.default)}, in every format`, () => {
    const decoded = [
      { type: "application/json", body: Buffer.from("{}") },
      { type: "application/yaml", body: Buffer.from("{}") },
      { type: "application/vnd.kubernetes.protobuf", body: envelope(new Uint8Array(0)) },
    ].map(({ type, body }) => decodedField(struct, name, { type, body }));
    assert.deepEqual(decoded, Array(3).fill(field.options.default));
  });
}

function decodedField(
  schema: Struct,
  name: string,
  { type, body }: { readonly type: string; readonly body: Uint8Array },
) {
  const request = { method: "POST" as const, path: "/", headers: { "content-type": type }, body };
  const decoded = decodeValue(schema, decodeBody(request, { kind: "Any", schema }).value);
  assert(!("error" in decoded), JSON.stringify(decoded));
  return (decoded.value as Readonly<Record<string, unknown>>)[name];
}

/** A `runtime.Unknown` around the message of an object. */
function envelope(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from("k8s\0"), Uint8Array.of(...key(2, 2), message.byteLength), message]);
}

/** A field's number and wire type as a varint. */
function key(number: number, wireType: number): readonly number[] {
  const value = number * 8 + wireType;
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, Math.floor(value / 0x80)];
}

interface DefaultedField {
  readonly struct: Struct;
  readonly name: string;
  readonly field: Field;
}

/** Every field with a default that has a zero value: strings and numbers, but not quantities. */
function defaultedFields(roots: readonly Struct[]): ReadonlyMap<string, DefaultedField> {
  const seen = new Set<Struct>();
  const found = new Map<string, DefaultedField>();
  const visit = (schema: Schema): void => {
    if (schema.type === "list") visit(schema.items);
    if (schema.type === "map") visit(schema.values);
    if (schema.type !== "struct" || seen.has(schema)) return;
    seen.add(schema);
    for (const [name, field] of Object.entries(schema.fields)) {
      visit(field.schema);
      const isScalar = ["string", "int32", "int64"].includes(field.schema.type);
      const path = `${schema.name.replace("io.k8s.api.", "")}.${name}`;
      if (isScalar && "default" in field.options) found.set(path, { struct: schema, name, field });
    }
  };
  for (const root of roots) visit(root);
  return found;
}
