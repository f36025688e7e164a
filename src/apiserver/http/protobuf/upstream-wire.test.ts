import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { decodeObject } from "../../../api/codec/decode-object.ts";
import { encodeObject } from "../../../api/codec/encode.ts";
import { parseJson } from "../../../api/codec/parse-json.ts";
import type { Kind } from "../../../api/kind.ts";
import { builtinKinds } from "../../../api/kinds.ts";
import type { KubeObject } from "../../../api/resource-reference.ts";
import { apiVersionOf } from "../../../api/resource-reference.ts";
import { upstreamData } from "../../../lib/upstream-data.testing.ts";
import { decodeBody } from "../body.ts";

const { folder: published, skip } = upstreamData("WIRE");

/** Upstream keeps samples of the kinds of k8s.io/api. */
const kinds = builtinKinds.filter(({ group }) => group !== "apiextensions.k8s.io");

for (const kind of kinds) {
  test(`${apiVersionOf(kind)} ${kind.kind}: upstream's JSON and protobuf are the same object`, { skip }, () => {
    for (const written of namesOf(kind)) {
      const json = bodyOf(kind, `${written}.json`, "application/json");
      const protobuf = bodyOf(kind, `${written}.pb`, "application/vnd.kubernetes.protobuf");
      assert.deepEqual(protobuf, json, written);
      assert.deepEqual(decoded(kind, protobuf), decoded(kind, json), written);
    }
  });

  test(`${apiVersionOf(kind)} ${kind.kind}: upstream's JSON is written back without a loss`, { skip }, () => {
    for (const written of namesOf(kind)) {
      const json = bodyOf(kind, `${written}.json`, "application/json");
      assert.deepEqual(parseJson(encodeObject(kind, decoded(kind, json))).value, json, written);
    }
  });
}

/** The object with every field set and, where upstream drops fields, the object that upstream writes back. */
function namesOf({ group, version, kind }: Kind): readonly string[] {
  const name = `${group === "" ? "core" : group}.${version}.${kind}`;
  const afterRoundTrip = `${name}.after_roundtrip`;
  return existsSync(path.join(published, `${afterRoundTrip}.json`)) ? [name, afterRoundTrip] : [name];
}

function bodyOf({ kind, schema }: Kind, file: string, contentType: string): unknown {
  const body = readFileSync(path.join(published, file));
  const request = { method: "POST" as const, path: "/", headers: { "content-type": contentType }, body };
  return decodeBody(request, { kind, schema }).value;
}

function decoded(kind: Kind, body: unknown): KubeObject {
  const result = decodeObject(kind, body, { fieldValidation: "Strict" });
  if (result.error !== undefined) throw result.error;
  return result.object;
}
