import { gzipSync } from "node:zlib";
import type { Escape } from "./escape.testing.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

function row(name: string, rule: string, body: string | Uint8Array, code: number, type = "application/json"): Escape {
  // Everybody may ask what one may do oneself: these bodies are read.
  return { name, rule, as: "jane", attempt: { method: "POST", path: REVIEWS, type, body }, want: { code } };
}

const DEPTH = "CVE-2019-11253: nesting";
const LENGTHS = "protobuf wire format: a length stays within its message";
const aliases = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join()}]`),
].join("\n");

/** Bodies that are small and cost much, or that two readers would read in two ways. */
export const bodyEscapes: readonly Escape[] = [
  row("a million brackets", DEPTH, "[".repeat(1_000_000), 400),
  row("objects 20,000 deep", DEPTH, `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`, 400),
  row("YAML of nine times nine aliases", "CVE-2019-11253: YAML aliases", aliases, 400, "application/yaml"),
  row("YAML that refers to itself", "CVE-2019-11253: YAML aliases", "spec: &a {x: *a}", 400, "application/yaml"),
  row("YAML 20,000 deep", DEPTH, "[".repeat(20_000), 400, "application/yaml"),
  row(
    "YAML that merges __proto__",
    "CVE-2019-10744: prototype pollution",
    "spec: {<<: {__proto__: {polluted: x}}}",
    422,
    "application/yaml",
  ),
  row(
    "a number of 100,000 digits",
    "RFC 8259 6: numbers",
    `{"spec":{"resourceAttributes":{"verb":${"9".repeat(100_000)}}}}`,
    400,
  ),
  row("1e999 for a text", "RFC 8259 6: numbers", '{"spec":{"resourceAttributes":{"verb":1e999}}}', 400),
  row(
    "invalid UTF-8 inside a text",
    "RFC 3629 3: UTF-8",
    Buffer.from('{"spec":{"resourceAttributes":{"verb":"\xff\xfe"}}', "latin1"),
    400,
  ),
  row("JSON that ends too early", "RFC 8259 2: grammar", '{"spec":{', 400),
  row("two documents", "RFC 8259 2: grammar", '{"spec":{}}{"spec":{}}', 400),
  row("an empty body", "Kubernetes: decoding", "", 400),
  row("null instead of an object", "Kubernetes: decoding", "null", 422),
  row("a list instead of an object", "Kubernetes: decoding", "[]", 400),
  row("a form of a browser", "RFC 9110 8.3: content type", "spec=x", 415, "application/x-www-form-urlencoded"),
  row("plain text, as a browser may send without asking", "RFC 9110 8.3: content type", "{}", 415, "text/plain"),
  row("two kinds of content", "RFC 9110 8.3: content type", "{}", 415, "application/json, text/plain"),
  row("protobuf without its magic bytes", "Kubernetes: protobuf envelope", Buffer.from([0, 1, 2, 3]), 400, PROTOBUF),
  row(
    "protobuf whose length is beyond its end",
    LENGTHS,
    Buffer.from([...MAGIC, 0x0a, 0xff, 0xff, 0x7f]),
    400,
    PROTOBUF,
  ),
  row(
    "protobuf whose length is negative",
    LENGTHS,
    Buffer.from([...MAGIC, 0x0a, ...Array(9).fill(0xff), 0x01]),
    400,
    PROTOBUF,
  ),
  row("a protobuf number without an end", LENGTHS, Buffer.from([...MAGIC, ...Array(50).fill(0xff)]), 400, PROTOBUF),
  row("protobuf groups 10,000 deep", DEPTH, Buffer.from([...MAGIC, ...Array(10_000).fill(0x0b)]), 400, PROTOBUF),
  row("JSON under the name of protobuf", "Kubernetes: protobuf envelope", "{}", 400, PROTOBUF),
  row("more than three megabytes", "Kubernetes: MaxRequestBodyBytes", " ".repeat(3 * 1024 * 1024 + 1), 413),
  {
    name: "a compressed body is not taken apart",
    rule: "RFC 9110 8.4: content encoding",
    as: "jane",
    attempt: {
      method: "POST",
      path: REVIEWS,
      headers: [["Content-Encoding", "gzip"]],
      body: gzipSync(Buffer.alloc(1_000_000)),
    },
    want: { code: 400 },
  },
  {
    name: "nobody's body is not read",
    rule: "Kubernetes: authorization comes before decoding",
    as: "nobody",
    attempt: { method: "POST", path: "/api/v1/namespaces/shop/configmaps", body: "[".repeat(1_000_000) },
    want: { code: 403, says: /anonymous/ },
  },
  {
    name: "a key twice under strict validation",
    rule: "Kubernetes: fieldValidation=Strict, duplicate fields",
    as: "owner",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/shop/configmaps?fieldValidation=Strict",
      body: '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}',
    },
    want: { code: 400, says: /duplicate field/ },
  },
  {
    name: "an unknown field under strict validation",
    rule: "Kubernetes: fieldValidation=Strict, unknown fields",
    as: "owner",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/shop/configmaps?fieldValidation=Strict",
      body: '{"metadata":{"name":"x"},"__proto__":{"a":1}}',
    },
    want: { code: 400, says: /unknown field/ },
  },
  {
    name: "the body of another kind",
    rule: "Kubernetes: TypeMeta",
    as: "owner",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/shop/configmaps",
      body: { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } },
    },
    want: { code: 400 },
  },
];
