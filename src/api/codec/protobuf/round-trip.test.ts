import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyStruct } from "../../any-object.testing.ts";
import { builtinKinds } from "../../kinds.ts";
import { apiVersionOf, type KubeObject } from "../../resource-reference.ts";
import { decodeObject } from "../decode-object.ts";
import { encodeObject } from "../encode.ts";
import { parseApiJson } from "../parse-json.ts";
import { decodeEnvelope } from "./decode-envelope.ts";
import { decodeMessage } from "./decode-message.ts";
import { encodeEnvelope } from "./encode-envelope.ts";

for (const kind of builtinKinds) {
  const type = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  const fields = Object.fromEntries(
    Object.entries(kind.schema.fields).filter(([name]) => name !== "kind" && name !== "apiVersion"),
  );

  test(`${type.apiVersion} ${type.kind}: an object that is written as protobuf and read is the same object`, () => {
    const decoded = (json: unknown) => decodeObject(kind, json, { fieldValidation: "Ignore" });
    const check = (json: unknown) => {
      const given = decoded(json);
      if (given.error !== undefined) throw given.error;
      const text = encodeObject(kind, given.object);
      const { raw, ...written } = decodeEnvelope(encodeEnvelope(type, kind.schema, parseApiJson(text) as KubeObject));
      assert.deepEqual(written, type);
      const read = decoded(decodeMessage(kind.schema, raw));
      if (read.error !== undefined) throw read.error;
      assert.equal(encodeObject(kind, read.object), text);
    };
    fc.assert(fc.property(anyStruct({ ...kind.schema, fields }, { isStored: true }), check), { numRuns: 100 });
  });
}
