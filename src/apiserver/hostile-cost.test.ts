import assert from "node:assert/strict";
import { before, test } from "node:test";
import { decodeObject } from "@fairlead/api/codec/decode-object";
import { encodeObject } from "@fairlead/api/codec/encode";
import { parseJson } from "@fairlead/api/codec/parse-json";
import { decodeMessage } from "@fairlead/api/codec/protobuf/decode-message";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { podSpecSchema } from "@fairlead/api/core/v1/pod/pod-schema";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Kind } from "@fairlead/api/kind";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import { jsonPatch } from "@fairlead/api/patch/json-patch";
import { mergePatch } from "@fairlead/api/patch/merge-patch";
import { strategicMerge } from "@fairlead/api/patch/strategic-merge";
import { parseFieldSelector } from "@fairlead/api/selectors/field-selector";
import { parseLabelSelector } from "@fairlead/api/selectors/parse-label-selector";
import { StatusError } from "@fairlead/api/status-error";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import { applyConfiguration } from "./apply/apply.ts";
import { inOneStep } from "./apply/conversion-steps.ts";
import { trackWrite } from "./apply/track-write.ts";
import { thin } from "./http/large-body/thin.ts";
import { loadYamlParser, parseYaml } from "./http/parse-yaml.ts";
import { requestInfo } from "./request-info.ts";

before(loadYamlParser);

const FACTOR = 8;
/** Linear work gives about 8, and somewhat more where memory runs short; work with a quadratic part tends to 64. */
const RATIO_MAX = 28;

const each = <T>(size: number, make: (index: number) => T) => Array.from({ length: size }, (_, index) => make(index));
const keys = (size: number, separator: string) => each(size, (i) => `"k${i}"${separator}1`);
const containers = (size: number, prefix = "c") => each(size, (i) => ({ name: `${prefix}${i}`, image: "x" }));
const settle = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    // Refusals are as good as answers here.
    if (error instanceof StatusError || error instanceof SyntaxError) return error;
    throw error;
  }
};
const parsing = (parse: (text: string) => unknown, make: (size: number) => string) => (size: number) => {
  const text = make(size);
  return () => settle(() => parse(text));
};

/** A protobuf field of bytes. */
function bytesField(number: number, content: Buffer): Buffer {
  assert.ok(content.byteLength < 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, content.byteLength]), content]);
}

const key = (text: string) => bytesField(1, Buffer.from(text));
const managed = (size: number): ManagedFieldsEntry[] =>
  each(size, (i) => ({
    manager: `m${i}`,
    operation: "Update",
    apiVersion: "v1",
    time: "2026-01-01T00:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:data": { [`f:k${i}`]: {} } },
  }));
const configMap = (size: number) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c", namespace: "n", uid: "", resourceVersion: "", creationTimestamp: "" },
  data: Object.fromEntries(each(size, (i) => [`k${i}`, "x"])),
});
const manager = { name: "me", operation: "Apply", apiVersion: "v1", subresource: "" } as const;

/** Small size, and the work on an input of a size. */
const rows: readonly (readonly [name: string, size: number, prepare: (size: number) => () => unknown])[] = [
  ["JSON of many keys", 4_000, parsing(parseJson, (n) => `{${keys(n, ":").join()}}`)],
  [
    "JSON of keys that occur twice",
    4_000,
    parsing(parseJson, (n) => `{${each(n, (i) => `"k${i}":1,"k${i}":2`).join()}}`),
  ],
  ["JSON of one key again and again", 8_000, parsing(parseJson, (n) => `{${'"a":1,'.repeat(n)}"a":1}`)],
  ["JSON of backslashes", 50_000, parsing(parseJson, (n) => `{"${"\\\\".repeat(n)}":"${'\\"'.repeat(n)}"}`)],
  ["JSON of spaces behind texts", 50_000, parsing(parseJson, (n) => `["a"${" ".repeat(n)}]`)],
  ["JSON of open lists", 50_000, parsing(parseJson, (n) => "[".repeat(n))],
  ["JSON of nested objects", 1_000, parsing(parseJson, (n) => `${'{"key":'.repeat(n)}1${"}".repeat(n)}`)],
  ["YAML of many keys", 1_000, parsing(parseYaml, (n) => keys(n, ": ").join("\n"))],
  ["YAML of keys that occur twice", 1_000, parsing(parseYaml, (n) => [...keys(n, ": "), ...keys(n, ": ")].join("\n"))],
  ["YAML of anchors and aliases", 1_000, parsing(parseYaml, (n) => each(n, (i) => `- &a${i} x\n- *a${i}`).join("\n"))],
  ["YAML of a long list", 1_000, parsing(parseYaml, (n) => `[${"x,".repeat(n)}]`)],
  ["YAML of open lists", 1_000, parsing(parseYaml, (n) => "[".repeat(n))],
  ["YAML of errors", 1_000, parsing(parseYaml, (n) => "}\n".repeat(n))],
  ["YAML of comments", 2_000, parsing(parseYaml, (n) => "# x\n".repeat(n))],
  [
    "YAML of aliases of aliases",
    2,
    parsing(parseYaml, (n) => ["- &a0 x", ...each(n, (i) => `- &a${i + 1} [*a${i}, *a${i}, *a${i}]`)].join("\n")),
  ],
  [
    "protobuf of a repeated message",
    4_000,
    (n) => {
      const spec = Buffer.concat(each(n, () => bytesField(2, Buffer.alloc(0))));
      return () => decodeMessage(podSpecSchema, spec);
    },
  ],
  [
    "protobuf of a map",
    4_000,
    (n) => {
      const data = Buffer.concat(each(n, (i) => bytesField(2, key(`k${i}`))));
      return () => decodeMessage(configMapKind.schema, data);
    },
  ],
  [
    "decoding of unknown fields",
    4_000,
    (n) => {
      const json = JSON.parse(`{${keys(n, ":").join()}}`);
      return () => decodeObject(podKind, json, { fieldValidation: "Strict" });
    },
  ],
  [
    "thinning of unknown fields",
    4_000,
    (n) => {
      const json = JSON.parse(`{${keys(n, ":").join()}}`);
      return () => thin(podKind.schema, json);
    },
  ],
  ["encoding of a map", 2_000, (n) => () => encodeObject(configMapKind, configMap(n))],
  [
    "a merge patch of many keys",
    4_000,
    (n) => {
      const { data } = configMap(n);
      return () => mergePatch({ data }, { data });
    },
  ],
  [
    "a merge patch of nested objects",
    1_000,
    (n) => {
      const nested = JSON.parse(`${'{"a":'.repeat(n)}1${"}".repeat(n)}`);
      return () => mergePatch(nested, nested);
    },
  ],
  [
    "a strategic merge of other items",
    500,
    (n) => {
      const [current, patch] = [containers(n), containers(n, "d")];
      return () => strategicMerge(podKind.schema, { spec: { containers: current } }, { spec: { containers: patch } });
    },
  ],
  [
    "a strategic merge of the same items, in order",
    500,
    (n) => {
      const [items, order] = [containers(n), each(n, (i) => ({ name: `c${n - i}` }))];
      const patch = { spec: { containers: items, "$setElementOrder/containers": order } };
      return () => settle(() => strategicMerge(podKind.schema, { spec: { containers: items } }, patch));
    },
  ],
  [
    "a strategic merge that deletes items",
    500,
    (n) => {
      const deleted = each(n, (i) => ({ name: `c${i}`, $patch: "delete" }));
      return () =>
        strategicMerge(podKind.schema, { spec: { containers: containers(n) } }, { spec: { containers: deleted } });
    },
  ],
  [
    "a strategic merge that deletes scalars",
    2_000,
    (n) => {
      const finalizers = each(n, (i) => `x/f${i}`);
      const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": finalizers.toReversed() } };
      return () => strategicMerge(podKind.schema, { metadata: { finalizers } }, patch);
    },
  ],
  [
    "a strategic merge that retains keys",
    2_000,
    (n) => {
      const { data } = configMap(n);
      return () =>
        strategicMerge(configMapKind.schema, { data }, { data: { ...data, $retainKeys: Object.keys(data) } });
    },
  ],
  [
    "a JSON patch of many operations",
    1_000,
    (n) => {
      const operations = each(n, (i) => ({ op: "add", path: `/data/k${i}`, value: "x" }));
      return () => jsonPatch({ data: {} }, operations);
    },
  ],
  [
    "a JSON patch of tests of one large value",
    1_000,
    (n) => {
      const value = each(n, (i) => i);
      return () => jsonPatch({ value }, [{ op: "test", path: "/value", value }]);
    },
  ],
  ["a label selector", 2_000, parsing(parseLabelSelector, (n) => each(n, (i) => `k${i} in (a,b)`).join())],
  [
    "a label selector of one long set",
    4_000,
    parsing(parseLabelSelector, (n) => `k in (${each(n, (i) => `v${i}`).join()})`),
  ],
  ["a label selector of spaces", 20_000, parsing(parseLabelSelector, (n) => `k${" ".repeat(n)}=v`)],
  ["a field selector", 4_000, parsing(parseFieldSelector, (n) => each(n, (i) => `k${i}=v`).join())],
  ["a field selector of backslashes", 20_000, parsing(parseFieldSelector, (n) => `k=${"\\\\".repeat(n)}`)],
  ["a field selector without operators", 20_000, parsing(parseFieldSelector, (n) => `${"a!".repeat(n)}`)],
  [
    "a long path with a long selector",
    4_000,
    (n) => {
      const query = new URLSearchParams({ fieldSelector: ",metadata.name=a!".repeat(n) });
      return () => requestInfo("GET", `/api/v1/${"a/".repeat(n)}`, query);
    },
  ],
  [
    "an apply of what many managers own",
    200,
    (n) => {
      const live = { ...configMap(n), metadata: { name: "c" } };
      const applied = { ...live, data: Object.fromEntries(Object.keys(live.data).map((name) => [name, "y"])) };
      const application = { kind: configMapKind, live, applied, managedFields: managed(n), manager, time: "" };
      const kinds = new Map([[manager.apiVersion, configMapKind]]);
      return () => inOneStep(applyConfiguration({ ...application, kinds, force: true }));
    },
  ],
  [
    "an apply of a long list in another order",
    1_000,
    (n) => {
      const env = each(n, (i) => ({ name: `E${i}`, value: "" }));
      const pod = (list: readonly object[]) => ({ spec: { containers: [{ name: "c", env: list }] } });
      const [live, applied] = [pod([...env, ...env]), pod(env.toReversed())];
      const application = { kind: podKind, live, applied, managedFields: [], manager, time: "" };
      const kinds = new Map([[manager.apiVersion, podKind]]);
      return () => inOneStep(applyConfiguration({ ...application, kinds, force: true }));
    },
  ],
  [
    "an update of what many managers own",
    200,
    (n) => {
      const previous = { ...configMap(n), metadata: { ...configMap(0).metadata, managedFields: managed(n) } };
      const writer = { manager: { ...manager, operation: "Update" as const }, time: "" };
      const form = { kind: configMapKind, previous, wanted: { ...previous, ...{ data: {} } } };
      return () => trackWrite({ forms: new Map([[manager.apiVersion, form]]), ...writer });
    },
  ],
];

/** Lists that are checked for repetitions, and items that are unlike each other. */
const lists: readonly (readonly [kind: Kind, path: string, item: (index: number) => unknown])[] = [
  [serviceKind, "spec.ports", (i) => ({ name: `p${i}`, port: (i % 65_535) + 1 })],
  [nodeKind, "spec.taints", (i) => ({ key: `k${i}`, effect: "NoSchedule" })],
  [nodeKind, "status.addresses", (i) => ({ type: "Hostname", address: `h${i}` })],
  [podKind, "spec.volumes", (i) => ({ name: `v${i}`, emptyDir: {} })],
  [podKind, "spec.tolerations", (i) => ({ key: `k${i}`, operator: "Exists" })],
  [
    podKind,
    "spec.topologySpreadConstraints",
    (i) => ({ maxSkew: 1, topologyKey: `k${i}`, whenUnsatisfiable: "ScheduleAnyway" }),
  ],
  [podKind, "spec.schedulingGates", (i) => ({ name: `g${i}` })],
  [podKind, "spec.containers.0.volumeMounts", (i) => ({ name: `v${i}`, mountPath: `/${i}` })],
  [podKind, "spec.containers.0.volumeDevices", (i) => ({ name: `v${i}`, devicePath: `/${i}` })],
  [podKind, "spec.containers.0.env", (i) => ({ name: `E${i}` })],
  [
    podKind,
    "spec.containers.0.ports",
    (i) => ({ name: `p${i}`, containerPort: (i % 65_535) + 1, hostPort: (i % 65_535) + 1 }),
  ],
  [
    podKind,
    "status.containerStatuses",
    (i) => ({ name: `c${i}`, image: "", imageID: "", ready: true, restartCount: 0 }),
  ],
  [endpointSliceKind, "ports", (i) => ({ name: `p${i}`, port: 1 })],
  [endpointSliceKind, "endpoints", (i) => ({ addresses: [`10.${(i >> 8) % 256}.${i % 256}.1`] })],
];

for (const [kind, path, item] of lists) {
  test(`the cost of checking ${path} of a ${kind.kind} grows with its size`, () => {
    const prepare = (size: number) => {
      const json = path
        .split(".")
        .toReversed()
        .reduce<unknown>((value, name) => (name === "0" ? [value] : { [name]: value }), each(size, item));
      const decoded = decodeObject(kind, json, { fieldValidation: "Ignore" });
      assert(decoded.error === undefined, decoded.error?.message);
      const object = kind.withDefaults(decoded.object);
      return () => [kind.validate(object), kind.validate(object, object), kind.withDefaults(object, object)];
    };
    const ratio = costRatio(prepare, 400, FACTOR);
    assert.ok(ratio < RATIO_MAX, `${FACTOR} times the size took ${ratio.toFixed(1)} times as long`);
  });
}

for (const [name, size, prepare] of rows) {
  test(`the cost of ${name} grows with its size`, () => {
    const ratio = costRatio(prepare, size, FACTOR);
    assert.ok(ratio < RATIO_MAX, `${FACTOR} times the size took ${ratio.toFixed(1)} times as long`);
  });
}
