import assert from "node:assert/strict";
import { before, test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { StatusError } from "@fairlead/api/status-error";
import { decodeBody } from "./body.ts";
import { loadYamlParser } from "./parse-yaml.ts";

before(loadYamlParser);

interface Row {
  readonly name: string;
  readonly type: string;
  readonly body: string;
  /** The value, or how it is refused. */
  readonly want: object | RegExp;
}

const rows: readonly Row[] = [
  { name: "JSON", type: "application/json", body: '{"a":1}', want: { value: { a: 1 }, duplicates: [] } },
  { name: "no content type is JSON", type: "", body: '{"a":1}', want: { value: { a: 1 }, duplicates: [] } },
  {
    name: "parameters do not matter",
    type: "application/json; charset=utf-8",
    body: "{}",
    want: { value: {}, duplicates: [] },
  },
  { name: "YAML", type: "application/yaml", body: "a: [1, x]", want: { value: { a: [1, "x"] }, duplicates: [] } },
  {
    name: "keys that stand twice",
    type: "application/json",
    body: '{"a":1,"a":2}',
    want: { value: { a: 2 }, duplicates: ["a"] },
  },
  {
    name: "broken JSON",
    type: "application/json",
    body: "{",
    want: /^BadRequest the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: unexpected end of JSON input \(\{\)$/,
  },
  {
    name: "broken YAML",
    type: "application/yaml",
    body: "a: [",
    want: /^BadRequest the object provided is unrecognized \(must be of type ConfigMap\): yaml: line 1/,
  },
  {
    name: "another format",
    type: "text/plain",
    body: "a",
    want: /^UnsupportedMediaType the body of the request was in an unknown format - accepted media types include: application\/json, /,
  },
  {
    name: "protobuf that is none",
    type: "application/vnd.kubernetes.protobuf",
    body: "{}",
    want: /^BadRequest the object provided is unrecognized \(must be of type ConfigMap\): provided data does not appear to be a protobuf message, expected prefix \[107 56 115 0\] \(\{\}\)$/,
  },
  {
    name: "protobuf whose envelope is good and whose object is not",
    type: "application/vnd.kubernetes.protobuf",
    body: "k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x02\x0a\x05",
    want: /^BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF$/,
  },
  { name: "null", type: "application/json", body: "null", want: { value: {}, duplicates: [] } },
  {
    name: "a list",
    type: "application/json",
    body: "[]",
    want: /json parse error: json: cannot unmarshal array into Go value of type struct \{ APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" \} \(5b5d\)$/,
  },
  {
    name: "a text",
    type: "application/yaml",
    body: "a",
    want: /json parse error: json: cannot unmarshal string into Go value of type struct/,
  },
  {
    name: "a byte order mark",
    type: "application/json",
    body: "\ufeff{}",
    want: /invalid character 'ï' looking for beginning of value/,
  },
];

test("bytes that are no UTF-8 become replacement characters in JSON, and are no YAML", () => {
  const body = Buffer.from('{"a":"\xff"}', "latin1");
  const read = (type: string) =>
    decodeBody({ method: "POST", path: "/", headers: { "content-type": type }, body }, configMapKind);
  assert.deepEqual(read("application/json").value, { a: "\ufffd" });
  assert.throws(() => read("application/yaml"), /: yaml: invalid leading UTF-8 octet \(/);
});

for (const { name, type, body, want } of rows) {
  test(`a body of ${name}`, () => {
    const outcome = decoded(type, body);
    if (want instanceof RegExp) assert.match(String(outcome), want);
    else assert.deepEqual(outcome, want);
  });
}

function decoded(type: string, body: string): unknown {
  try {
    const headers = { "content-type": type };
    return decodeBody({ method: "POST", path: "/", headers, body: Buffer.from(body) }, configMapKind);
  } catch (error) {
    if (error instanceof StatusError) return `${error.reason} ${error.message}`;
    throw error;
  }
}
