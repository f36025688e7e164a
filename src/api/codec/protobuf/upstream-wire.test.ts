import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { upstreamData } from "@fairlead/lib/upstream-data.testing";
import type { Kind } from "../../kind.ts";
import { builtinKinds } from "../../kinds.ts";
import type { KubeObject } from "../../resource-reference.ts";
import { apiVersionOf } from "../../resource-reference.ts";
import { decodeObject } from "../decode-object.ts";
import { encodeObject } from "../encode.ts";
import { parseJson } from "../parse-json.ts";
import { decodeEnvelope } from "./decode-envelope.ts";
import { decodeMessage } from "./decode-message.ts";
import { encodeEnvelope } from "./encode-envelope.ts";

const { folder: published, skip } = upstreamData("WIRE");

/** Upstream keeps samples of the kinds of k8s.io/api. */
const kinds = builtinKinds.filter(({ group }) => group !== "apiextensions.k8s.io");

for (const kind of kinds) {
  const type = { apiVersion: apiVersionOf(kind), kind: kind.kind };

  test(`${type.apiVersion} ${kind.kind}: upstream's JSON and protobuf are the same object`, { skip }, () => {
    for (const name of namesOf(kind)) {
      const [json, protobuf] = [jsonIn(name), protobufIn(name, kind)];
      assert.deepEqual(protobuf, json, name);
      assert.deepEqual(decoded(kind, protobuf), decoded(kind, json), name);
    }
  });

  test(`${type.apiVersion} ${kind.kind}: upstream's JSON is written back without a loss`, { skip }, () => {
    for (const name of namesOf(kind)) {
      const json = jsonIn(name);
      assert.deepEqual(parseJson(encodeObject(kind, decoded(kind, json))).value, json, name);
    }
  });

  test(`${type.apiVersion} ${kind.kind}: is written as upstream's protobuf, byte for byte`, { skip }, () => {
    for (const name of namesOf(kind)) {
      const written = encodeEnvelope(type, kind.schema, decoded(kind, jsonIn(name)));
      assert.equal(Buffer.from(written).toString("hex"), contentOf(`${name}.pb`).toString("hex"), name);
    }
  });
}

/** The object with every field set and, where upstream drops fields, the object that upstream writes back. */
function namesOf({ group, version, kind }: Kind): readonly string[] {
  const name = `${group === "" ? "core" : group}.${version}.${kind}`;
  const afterRoundTrip = `${name}.after_roundtrip`;
  return existsSync(path.join(published, `${afterRoundTrip}.json`)) ? [name, afterRoundTrip] : [name];
}

function contentOf(file: string): Buffer {
  return readFileSync(path.join(published, file));
}

function jsonIn(name: string): unknown {
  return parseJson(contentOf(`${name}.json`).toString()).value;
}

function protobufIn(name: string, { schema }: Kind): unknown {
  const { apiVersion, kind, raw } = decodeEnvelope(contentOf(`${name}.pb`));
  return { apiVersion, kind, ...decodeMessage(schema, raw) };
}

function decoded(kind: Kind, body: unknown): KubeObject {
  const result = decodeObject(kind, body, { fieldValidation: "Strict" });
  if (result.error !== undefined) throw result.error;
  return result.object;
}
