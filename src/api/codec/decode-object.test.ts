import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind } from "../coordination/v1/lease/lease.ts";
import { podKind } from "../core/v1/pod/pod.ts";
import { serviceKind } from "../core/v1/service/service.ts";
import type { Kind } from "../kind.ts";
import { decodeObject } from "./decode-object.ts";

const refusals: { name: string; kind: Kind; json: unknown; want: string }[] = [
  {
    name: "text where a number belongs",
    kind: serviceKind,
    json: { kind: "Service", apiVersion: "v1", spec: { ports: [{ port: "http" }] } },
    want: 'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
  },
  {
    name: "a label that is a number",
    kind: podKind,
    json: { kind: "Pod", apiVersion: "v1", metadata: { labels: { a: 1 } } },
    want: 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  },
  {
    name: "an object where a list belongs",
    kind: podKind,
    json: { kind: "Pod", apiVersion: "v1", spec: { containers: {} } },
    want: 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  },
  {
    name: "a number beyond 32 bits",
    kind: serviceKind,
    json: { spec: { ports: [{ port: 5_000_000_000 }] } },
    want: 'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal number 5000000000 into Go struct field ServicePort.spec.ports.port of type int32',
  },
  {
    name: "a list at the top",
    kind: podKind,
    json: [],
    want: 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal array into Go value of type v1.Pod',
  },
  {
    name: "a quantity that is none",
    kind: podKind,
    json: { spec: { containers: [{ name: "a", resources: { requests: { cpu: "lots" } } }] } },
    want: "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  },
  {
    name: "a time that is none",
    kind: podKind,
    json: { metadata: { creationTimestamp: "yesterday" } },
    want: 'Pod in version "v1" cannot be handled as a Pod: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  },
  {
    name: "another kind",
    kind: podKind,
    json: { kind: "Service", apiVersion: "v1" },
    want: 'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
  },
  {
    name: "another version",
    kind: podKind,
    json: { kind: "Pod", apiVersion: "v2" },
    want: "the API version in the data (v2) does not match the expected API version (v1)",
  },
  {
    name: "unknown fields, under Strict",
    kind: podKind,
    json: { kind: "Pod", apiVersion: "v1", spec: { foo: 1, containers: [{ name: "a" }, { Name: "b" }] } },
    want: 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo", unknown field "spec.containers[1].Name"',
  },
];

for (const { name, kind, json, want } of refusals) {
  test(`decodeObject refuses ${name}`, () => {
    const decoded = decodeObject(kind, json, { fieldValidation: "Strict" });
    assert.equal(decoded.error?.message, want);
    assert.equal(decoded.error?.code, 400);
  });
}

test("decodeObject drops unknown fields and warns of them and of duplicates", () => {
  const decoded = decodeObject(
    podKind,
    { kind: "Pod", apiVersion: "v1", metadata: { name: "a" }, spec: { foo: 1, containers: [] } },
    { fieldValidation: "Warn", duplicates: ["metadata.name"] },
  );
  assert(decoded.error === undefined);
  assert.deepEqual(decoded.warnings, ['duplicate field "metadata.name"', 'unknown field "spec.foo"']);
  assert(!("foo" in decoded.object.spec));
});

test("decodeObject brings values into stored form and fills in constant defaults", () => {
  const decoded = decodeObject(
    podKind,
    {
      metadata: { name: "a", labels: null, annotations: {}, creationTimestamp: "2026-01-02T03:04:05+01:00" },
      spec: {
        hostNetwork: false,
        restartPolicy: "",
        containers: [{ name: "c", image: "i", resources: { limits: { cpu: 0.5, memory: "1024Mi" } }, ports: [] }],
        volumes: [{ name: "v", emptyDir: {} }],
      },
    },
    { fieldValidation: "Ignore" },
  );
  assert(decoded.error === undefined);
  const { metadata, spec } = decoded.object;
  assert.deepEqual(metadata, { name: "a", creationTimestamp: "2026-01-02T02:04:05Z" });
  assert.equal(spec.restartPolicy, "Always");
  assert.equal(spec.schedulerName, "default-scheduler");
  assert(!("hostNetwork" in spec));
  assert.deepEqual(spec.containers[0]?.resources?.limits, { cpu: "500m", memory: "1Gi" });
  assert(!("ports" in (spec.containers[0] ?? {})));
  assert.deepEqual(spec.volumes, [{ name: "v", emptyDir: {} }]);
});

test("decodeObject pads microseconds and keeps what pointers distinguish", () => {
  const decoded = decodeObject(
    leaseKind,
    { spec: { renewTime: "2026-01-02T03:04:05.5Z", holderIdentity: "" } },
    { fieldValidation: "Strict" },
  );
  assert(decoded.error === undefined);
  assert.deepEqual(decoded.object.spec, { renewTime: "2026-01-02T03:04:05.500000Z", holderIdentity: "" });
});
