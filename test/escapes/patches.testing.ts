import type { Escape } from "./escape.testing.ts";
import { doesNotApply, invalid } from "./says.testing.ts";

const path = "/api/v1/namespaces/shop/configmaps/other";
const POLLUTION = "CVE-2019-10744: prototype pollution";
const types = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;
/** The patches that follow would fail or be other ones if a prototype had changed. */
const after = { path, says: /"key":"kept"/ };

function row(
  name: string,
  rule: string,
  kind: keyof typeof types,
  body: string | object,
  code: number,
  says: string | RegExp,
): Escape {
  const at = kind === "apply" ? `${path}?fieldManager=stranger` : path;
  const attempt = { method: "PATCH", path: at, type: types[kind], body };
  return { name, rule, as: "owner", attempt, want: { code, says }, after };
}

/** What a patch that means nothing answers. */
const UNTOUCHED = /^(?!.*(polluted|toString|setElementOrder)).*"key":"kept"/s;
const op = (name: string, pointer: string, more: object = {}) => [{ op: name, path: pointer, ...more }];
const many = (count: number, one: object) => Array.from({ length: count }, () => one);

/** Patches that reach beyond the object, or cost more than they weigh. */
export const patchEscapes: readonly Escape[] = [
  ...[
    "/__proto__/polluted",
    "/constructor/prototype/polluted",
    "/hasOwnProperty/call",
    "/toString/call",
    "/data/__proto__/polluted",
  ].map((pointer) =>
    row(
      `a JSON patch adds ${pointer}`,
      POLLUTION,
      "json",
      op("add", pointer, { value: "x" }),
      422,
      doesNotApply(`add operation does not apply: doc is missing path: "${pointer}": missing value`),
    ),
  ),
  row(
    "a JSON patch replaces a method",
    POLLUTION,
    "json",
    op("replace", "/metadata/toString", { value: "x" }),
    200,
    UNTOUCHED,
  ),
  row(
    "a JSON patch removes a prototype's method",
    POLLUTION,
    "json",
    op("remove", "/hasOwnProperty"),
    422,
    doesNotApply(
      "error in remove for path: '/hasOwnProperty': Unable to remove nonexistent key: hasOwnProperty: missing value",
    ),
  ),
  row(
    "a JSON patch copies a prototype",
    POLLUTION,
    "json",
    op("copy", "/data/a", { from: "/__proto__" }),
    200,
    /"a":""/,
  ),
  row(
    "a JSON patch moves a constructor",
    POLLUTION,
    "json",
    op("move", "/data/a", { from: "/constructor" }),
    422,
    doesNotApply("error in move for path: 'constructor': Unable to remove nonexistent key: constructor: missing value"),
  ),
  row(
    "a JSON patch tests an inherited property",
    POLLUTION,
    "json",
    op("test", "/data/constructor/name", { value: "Object" }),
    422,
    doesNotApply("test operation does not apply: is missing path: /data/constructor/name: missing value"),
  ),
  row(
    "a JSON patch moves a value into itself",
    "RFC 6902 4.4: move into a child",
    "json",
    op("move", "/metadata/labels/x", { from: "/metadata" }),
    422,
    doesNotApply("move operation does not apply: doc is missing destination path: /metadata/labels/x: missing value"),
  ),
  row(
    "a JSON patch replaces the root by null",
    "RFC 6902: root",
    "json",
    op("replace", "", { value: null }),
    422,
    doesNotApply("replace operation value must be object or array"),
  ),
  row(
    "a JSON patch removes the root",
    "RFC 6902: root",
    "json",
    op("remove", ""),
    422,
    doesNotApply('remove operation does not apply: doc is missing path: "": missing value'),
  ),
  row(
    "a failed test undoes what stood before it",
    "RFC 6902 5: atomic",
    "json",
    [...op("replace", "/data/key", { value: "gone" }), ...op("test", "/data/key", { value: "nope" })],
    422,
    doesNotApply("testing value /data/key failed: test failed"),
  ),
  row(
    "a JSON patch of 10,001 operations",
    "CVE-2019-1002100: patches of many operations",
    "json",
    many(10_001, { op: "test", path: "/data/key", value: "kept" }),
    413,
    "RequestEntityTooLarge: Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
  ),
  row(
    "a JSON patch that doubles the object thirty times",
    "CVE-2019-11253: copy bombs",
    "json",
    Array.from({ length: 30 }, (_, at) => ({ op: "copy", from: "/data", path: `/data/x${at}` })),
    422,
    doesNotApply(
      "Unable to complete the copy, the accumulated size increase of copy is 3538935, exceeding the limit 3145728",
    ),
  ),
  row(
    "a JSON patch with an unknown operation",
    "RFC 6902 4: operations",
    "json",
    op("exec", "/data/key"),
    422,
    doesNotApply("Unexpected kind: exec"),
  ),
  row(
    "a JSON patch with an index beyond the list",
    "RFC 6901 4: indices",
    "json",
    op("add", "/metadata/finalizers/99", { value: "x/y" }),
    422,
    doesNotApply('add operation does not apply: doc is missing path: "/metadata/finalizers/99": missing value'),
  ),
  row("a merge patch with __proto__", POLLUTION, "merge", '{"__proto__":{"polluted":"x"}}', 200, UNTOUCHED),
  row(
    "a merge patch with constructor.prototype",
    POLLUTION,
    "merge",
    '{"constructor":{"prototype":{"polluted":"x"}}}',
    200,
    UNTOUCHED,
  ),
  row(
    "a merge patch stores the data key __proto__ as data",
    POLLUTION,
    "merge",
    '{"data":{"__proto__":"x"}}',
    200,
    /"__proto__":"x"/,
  ),
  row("a merge patch that is null", "RFC 7396 1: root", "merge", "null", 400, "BadRequest: Invalid JSON Patch"),
  row(
    "a merge patch that is a list",
    "RFC 7396 1: root",
    "merge",
    "[]",
    400,
    "BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
  ),
  row(
    "a merge patch that nests 20,000 deep",
    "CVE-2019-11253: depth",
    "merge",
    `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    400,
    "BadRequest: error decoding patch: invalid character '{' exceeded max depth",
  ),
  row(
    "a merge patch that changes the uid",
    "Kubernetes: metadata.uid",
    "merge",
    { metadata: { uid: "00000000-0000-4000-8000-000000000000" } },
    409,
    /^Conflict: Operation cannot be fulfilled on configmaps "other": Precondition failed: UID in precondition: 00000000-0000-4000-8000-000000000000, UID in object meta: [-0-9a-f]{36}$/,
  ),
  row(
    "a merge patch that changes the kind",
    "Kubernetes: TypeMeta",
    "merge",
    { kind: "Secret" },
    422,
    /^Invalid: {2}"" is invalid: patch: Invalid value: "\{\\"kind\\":\\"Secret\\",\\"apiVersio/,
  ),
  row("a strategic patch with __proto__", POLLUTION, "strategic", '{"__proto__":{"polluted":"x"}}', 200, UNTOUCHED),
  row(
    "a strategic patch with __proto__ in labels",
    POLLUTION,
    "strategic",
    '{"metadata":{"labels":{"__proto__":{"polluted":"x"}}}}',
    422,
    'Invalid:  "" is invalid: patch: Invalid value: "map[metadata:map[labels:map[__proto__:map[polluted:x]]]]": unrecognized type: string',
  ),
  row(
    "a strategic patch with an unknown $patch",
    "Kubernetes: strategic merge patch directives",
    "strategic",
    { metadata: { $patch: "explode" } },
    500,
    "Unknown: unknown patch type: explode in map: map[$patch:explode]",
  ),
  row(
    "a strategic patch with $retainKeys that is no list",
    "Kubernetes: strategic merge patch directives",
    "strategic",
    { metadata: { $retainKeys: "name" } },
    400,
    "BadRequest: invalid patch format of retainKeys",
  ),
  row(
    "a strategic patch with $retainKeys without the keys it sets",
    "Kubernetes: strategic merge patch directives",
    "strategic",
    { metadata: { $retainKeys: [], labels: { x: "y" } } },
    400,
    "BadRequest: invalid patch format of retainKeys",
  ),
  row(
    "a strategic patch with an order of an unknown list",
    "Kubernetes: strategic merge patch directives",
    "strategic",
    { metadata: { "$setElementOrder/finalizers": [{ a: 1 }] } },
    200,
    UNTOUCHED,
  ),
  row(
    "a strategic patch that deletes from a list that is none",
    "Kubernetes: strategic merge patch directives",
    "strategic",
    { metadata: { "$deleteFromPrimitiveList/finalizers": "x" } },
    400,
    "BadRequest: invalid patch format of primitive list",
  ),
  row(
    "a strategic patch that is a list",
    "Kubernetes: strategic merge patch",
    "strategic",
    "[]",
    400,
    "BadRequest: json: cannot unmarshal array into Go value of type map[string]interface {}",
  ),
  row(
    "an apply that takes a field of another manager",
    "Kubernetes: server-side apply conflicts",
    "apply",
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other", namespace: "shop" }, data: { key: "taken" } },
    409,
    'Conflict: Apply failed with 1 conflict: conflict with "unknown" using v1: .data.key',
  ),
  row(
    "an apply that brings managedFields",
    "Kubernetes: server-side apply",
    "apply",
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "other", namespace: "shop", managedFields: [{ manager: "x" }] },
    },
    400,
    "BadRequest: metadata.managedFields must be nil",
  ),
  row(
    "an apply of another name",
    "Kubernetes: server-side apply",
    "apply",
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "allowed", namespace: "shop" } },
    400,
    "BadRequest: the name of the object (allowed) does not match the name on the URL (other)",
  ),
  row(
    "an apply of another kind",
    "Kubernetes: server-side apply",
    "apply",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "other", namespace: "shop" } },
    400,
    "BadRequest: invalid object type: /v1, Kind=Secret",
  ),
  row(
    "an apply with a field that is not in the schema",
    "Kubernetes: server-side apply",
    "apply",
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other", namespace: "shop" }, zz: 1 },
    500,
    "Unknown: failed to create typed patch object (shop/other; /v1, Kind=ConfigMap): .zz: field not declared in schema",
  ),
  row(
    "an apply with a tag of JavaScript stores a text",
    "YAML 1.2: core schema",
    "apply",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {f: !!js/function 'function () {}'}\n",
    200,
    /"f":"function \(\) \{\}"/,
  ),
  {
    name: "an apply without a manager",
    rule: "Kubernetes: server-side apply fieldManager",
    as: "owner",
    attempt: {
      method: "PATCH",
      path,
      type: types.apply,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" } },
    },
    want: {
      code: 422,
      says: invalid("PatchOptions.meta.k8s.io", "", "fieldManager: Required value: is required for apply patch"),
    },
  },
  {
    name: "an apply by a manager with line breaks",
    rule: "Kubernetes: server-side apply fieldManager",
    as: "owner",
    attempt: {
      method: "PATCH",
      path: `${path}?fieldManager=a%0Ab`,
      type: types.apply,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" } },
    },
    want: {
      code: 422,
      says: invalid(
        "PatchOptions.meta.k8s.io",
        "",
        'fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)',
      ),
    },
  },
  {
    name: "a patch of an unknown kind",
    rule: "RFC 5789 2.2: unsupported patch document",
    as: "owner",
    attempt: { method: "PATCH", path, type: "application/xml", body: "<x/>" },
    want: { code: 415, says: "UnsupportedMediaType: 415: Unsupported Media Type" },
  },
];
