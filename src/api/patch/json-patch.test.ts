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
    cause: 'replace operation does not apply: doc is missing path: "/x/y": missing value',
  },
  { name: "an unknown operation", patch: [{ op: "twist", path: "/c" }], code: 422, cause: "Unexpected kind: twist" },
  { name: "an object", patch: { op: "add" }, code: 400 },
  {
    name: "too many operations",
    patch: Array.from({ length: 10_001 }, () => ({ op: "test", path: "/c", value: "x" })),
    code: 413,
    message: "The allowed maximum operations in a JSON patch is 10000, got 10001",
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
