import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "../status-error.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";

const current = { a: { b: [1, 2] }, c: "x" };

test("jsonPatch applies operations in order, and leaves what it was given alone", () => {
  const patched = jsonPatch(current, [
    { op: "test", path: "/c", value: "x" },
    { op: "add", path: "/a/b/-", value: 3 },
    { op: "remove", path: "/c" },
    { op: "replace", path: "/a/b/0", value: 0 },
    { op: "copy", from: "/a/b", path: "/d" },
  ]);
  assert.deepEqual(patched, { a: { b: [0, 2, 3] }, d: [0, 2, 3] });
  assert.deepEqual(current, { a: { b: [1, 2] }, c: "x" });
});

const applied: { name: string; patch: unknown; want: object }[] = [
  { name: "an index from the end", patch: [{ op: "remove", path: "/a/b/-1" }], want: { a: { b: [1] }, c: "x" } },
  {
    name: "an escaped key",
    patch: [{ op: "add", path: "/x~1y~01", value: 1 }],
    want: { ...current, "x/y~1": 1 },
  },
  {
    name: "a replaced key that is absent",
    patch: [{ op: "replace", path: "/z", value: 1 }],
    want: { ...current, z: 1 },
  },
  { name: "a test for the absence of a key", patch: [{ op: "test", path: "/z", value: null }], want: current },
  {
    name: "a move",
    patch: [{ op: "move", from: "/a/b/0", path: "/a/b/-" }],
    want: { a: { b: [2, 1] }, c: "x" },
  },
  { name: "a replaced document", patch: [{ op: "replace", path: "", value: { n: 1 } }], want: { n: 1 } },
  { name: "no operation", patch: null, want: current },
];
for (const { name, patch, want } of applied) {
  test(`jsonPatch applies ${name}`, () => {
    assert.deepEqual(jsonPatch(current, patch), want);
  });
}

test("jsonPatch leaves the patch alone, so that it can be applied again", () => {
  const patch = [
    { op: "add", path: "/list", value: [1] },
    { op: "add", path: "/list/-", value: 2 },
  ];
  assert.deepEqual(jsonPatch(current, patch), jsonPatch(current, patch));
});

const inherited = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
for (const key of inherited) {
  test(`jsonPatch takes "${key}" for a key that is absent`, () => {
    const patches = [
      [{ op: "add", path: `/${key}/call`, value: "x" }],
      [{ op: "replace", path: `/a/${key}/name`, value: "x" }],
      [{ op: "remove", path: `/${key}` }],
      [{ op: "move", from: `/${key}`, path: "/d" }],
      [{ op: "test", path: `/${key}`, value: {} }],
      [{ op: "copy", from: `/${key}/call`, path: "/d" }],
    ];
    for (const patch of patches) {
      assert.throws(() => jsonPatch(current, patch), { name: "StatusError", code: 422 });
    }
    const set = jsonPatch(current, [{ op: "add", path: `/${key}`, value: 1 }]);
    assert.deepEqual(Object.keys(set), ["a", "c", key]);
    assert.equal(Object.getPrototypeOf(set), Object.prototype);
  });
}

const refused: { name: string; patch: unknown; code: number; cause?: string; message?: string }[] = [
  {
    name: "a failed test",
    patch: [{ op: "test", path: "/c", value: "y" }],
    code: 422,
    cause: "testing value /c failed: test failed",
  },
  {
    name: "a path that is not there",
    patch: [{ op: "replace", path: "/x/y", value: 1 }],
    code: 422,
    cause: "replace operation does not apply: doc is missing path: /x/y: missing value",
  },
  {
    name: "an addition below a scalar",
    patch: [{ op: "add", path: "/c/d", value: 1 }],
    code: 422,
    cause: 'add operation does not apply: doc is missing path: "/c/d": missing value',
  },
  {
    name: "the removal of an absent key",
    patch: [{ op: "remove", path: "/z" }],
    code: 422,
    cause: "error in remove for path: '/z': Unable to remove nonexistent key: z: missing value",
  },
  {
    name: "an index behind the list",
    patch: [{ op: "add", path: "/a/b/3", value: 1 }],
    code: 422,
    cause: "error in add for path: '/a/b/3': Unable to access invalid index: 3: invalid index referenced",
  },
  {
    name: "a key that is not an index",
    patch: [{ op: "remove", path: "/a/b/x" }],
    code: 422,
    cause: `error in remove for path: '/a/b/x': strconv.Atoi: parsing "x": invalid syntax`,
  },
  {
    name: "a move from nowhere",
    patch: [{ op: "move", from: "/x/y", path: "/d" }],
    code: 422,
    cause: "move operation does not apply: doc is missing from path: /x/y: missing value",
  },
  {
    name: "an operation without a path",
    patch: [{ op: "test", value: 1 }],
    code: 422,
    cause: "test operation failed to decode path: operation missing path field: missing value",
  },
  {
    name: "copies that grow too large",
    patch: Array.from({ length: 20 }, () => ({ op: "copy", from: "/a/b", path: "/a/b/-" })),
    code: 422,
    cause: "Unable to complete the copy, the accumulated size increase of copy is 6291430, exceeding the limit 3145728",
  },
  { name: "an unknown operation", patch: [{ op: "twist", path: "/c" }], code: 422, cause: "Unexpected kind: twist" },
  {
    name: "an object",
    patch: { op: "add" },
    code: 400,
    message: "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
  },
  {
    name: "a path that is a number",
    patch: [{ op: "add", path: 1 }],
    code: 400,
    message: "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string",
  },
  {
    name: "too many operations",
    patch: Array.from({ length: 10_001 }, () => ({ op: "test", path: "/c", value: "x" })),
    code: 413,
    message: "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
  },
  {
    name: "insertions that move too many items",
    patch: [
      { op: "add", path: "/l", value: Array.from({ length: 1_000_000 }, () => 0) },
      ...Array.from({ length: 200 }, () => ({ op: "add", path: "/l/0", value: 0 })),
    ],
    code: 413,
    message: "Request entity too large: The operations of the JSON patch move more than 100000000 items of lists",
  },
];
for (const { name, patch, code, cause, message } of refused) {
  test(`jsonPatch refuses ${name}`, () => {
    assert.throws(
      () => jsonPatch(current, patch),
      (error) => {
        assert(error instanceof StatusError);
        assert.equal(error.code, code);
        if (cause !== undefined) assert.equal(error.details?.causes?.[0]?.message, cause);
        if (message !== undefined) assert.equal(error.message, message);
        return true;
      },
    );
  });
}

test("mergePatch merges objects, removes with null and replaces the rest", () => {
  assert.deepEqual(mergePatch(current, { a: { b: [9], e: null }, c: null, d: { f: null, g: 1 } }), {
    a: { b: [9] },
    d: { g: 1 },
  });
});

test("mergePatch refuses what is no object", () => {
  assert.throws(() => mergePatch(current, []), { name: "StatusError", code: 400 });
});
