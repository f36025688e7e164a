import { gzipSync } from "node:zlib";
import { post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { denied, invalid, unrecognized } from "./says.testing.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

function row(
  name: string,
  rule: string,
  body: string | Uint8Array,
  code: number,
  says: string | RegExp,
  type = "application/json",
): Escape {
  // Everybody may ask what one may do oneself: these bodies are read.
  return { name, rule, as: "jane", attempt: { method: "POST", path: REVIEWS, type, body }, want: { code, says } };
}

const DEPTH = "CVE-2019-11253: nesting";
const LENGTHS = "protobuf wire format: a length stays within its message";
const aliases = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join()}]`),
].join("\n");

/** Bodies that are small and cost much, or that two readers would read in two ways. */
export const bodyEscapes: readonly Escape[] = [
  row(
    "a million brackets",
    DEPTH,
    "[".repeat(1_000_000),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: invalid character '[' exceeded max depth",
      "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b ...",
    ),
  ),
  row(
    "objects 20,000 deep",
    DEPTH,
    `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: invalid character '{' exceeded max depth",
      '{"a":{"a":{"a":{"a":{"a":{"a": ...',
    ),
  ),
  row(
    "YAML of nine times nine aliases",
    "CVE-2019-11253: YAML aliases",
    aliases,
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "yaml: document contains excessive aliasing",
      "613a202661205b782c782c782c782c782c782c782c782c785d0a623a2026 ...",
    ),
    "application/yaml",
  ),
  row(
    "YAML that refers to itself",
    "CVE-2019-11253: YAML aliases",
    "spec: &a {x: *a}",
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "yaml: anchor 'a' value contains itself",
      "737065633a202661207b783a202a617d",
    ),
    "application/yaml",
  ),
  row(
    "YAML 20,000 deep",
    DEPTH,
    "[".repeat(20_000),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "yaml: exceeded max depth of 10000",
      "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b ...",
    ),
    "application/yaml",
  ),
  row(
    "YAML that merges __proto__",
    "CVE-2019-10744: prototype pollution",
    "spec: {<<: {__proto__: {polluted: x}}}",
    422,
    invalid(
      "SelfSubjectAccessReview.authorization.k8s.io",
      "",
      "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
    ),
    "application/yaml",
  ),
  row(
    "a number of 100,000 digits",
    "RFC 8259 6: numbers",
    `{"spec":{"resourceAttributes":{"verb":${"9".repeat(100_000)}}}}`,
    400,
    'BadRequest: SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview: json: cannot unmarshal number into Go struct field ResourceAttributes.spec.resourceAttributes.verb of type string',
  ),
  row(
    "1e999 for a text",
    "RFC 8259 6: numbers",
    '{"spec":{"resourceAttributes":{"verb":1e999}}}',
    400,
    'BadRequest: SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview: json: cannot unmarshal number into Go struct field ResourceAttributes.spec.resourceAttributes.verb of type string',
  ),
  row(
    "invalid UTF-8 inside a text becomes replacement characters",
    "Kubernetes: decoding",
    Buffer.from('{"spec":{"resourceAttributes":{"verb":"\xff\xfe"}}}', "latin1"),
    201,
    /"verb":"\ufffd\ufffd"/,
  ),
  row(
    "invalid UTF-8 between values",
    "RFC 8259 2: grammar",
    Buffer.from('{"spec":\xff}', "latin1"),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: invalid character 'ï' looking for beginning of value",
      '{"spec":�}',
    ),
  ),
  row(
    "JSON that ends too early",
    "RFC 8259 2: grammar",
    '{"spec":{',
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: unexpected end of JSON input",
      '{"spec":{',
    ),
  ),
  row(
    "two documents",
    "RFC 8259 2: grammar",
    '{"spec":{}}{"spec":{}}',
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: invalid character '{' after top-level value",
      '{"spec":{}}{"spec":{}}',
    ),
  ),
  row(
    "an empty body",
    "Kubernetes: decoding",
    "",
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "couldn't get version/kind; json parse error: unexpected end of JSON input",
      "<empty>",
    ),
  ),
  row(
    "null instead of an object",
    "Kubernetes: decoding",
    "null",
    422,
    invalid(
      "SelfSubjectAccessReview.authorization.k8s.io",
      "",
      "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
    ),
  ),
  row(
    "a list instead of an object",
    "Kubernetes: decoding",
    "[]",
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
      "5b5d",
    ),
  ),
  row(
    "a form of a browser",
    "RFC 9110 8.3: content type",
    "spec=x",
    415,
    "UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    "application/x-www-form-urlencoded",
  ),
  row(
    "plain text, as a browser may send without asking",
    "RFC 9110 8.3: content type",
    "{}",
    415,
    "UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    "text/plain",
  ),
  row(
    "two kinds of content",
    "RFC 9110 8.3: content type",
    "{}",
    415,
    "UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    "application/json, text/plain",
  ),
  row(
    "protobuf without its magic bytes",
    "Kubernetes: protobuf envelope",
    Buffer.from([0, 1, 2, 3]),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
      "00010203",
    ),
    PROTOBUF,
  ),
  row(
    "protobuf whose length is beyond its end",
    LENGTHS,
    Buffer.from([...MAGIC, 0x0a, 0xff, 0xff, 0x7f]),
    400,
    unrecognized("SelfSubjectAccessReview", "unexpected EOF", "6b3873000affff7f"),
    PROTOBUF,
  ),
  row(
    "protobuf whose length is negative",
    LENGTHS,
    Buffer.from([...MAGIC, 0x0a, ...Array(9).fill(0xff), 0x01]),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "proto: negative length found during unmarshaling",
      "6b3873000affffffffffffffffff01",
    ),
    PROTOBUF,
  ),
  row(
    "a protobuf number without an end",
    LENGTHS,
    Buffer.from([...MAGIC, ...Array(50).fill(0xff)]),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "proto: integer overflow",
      "6b387300ffffffffffffffffffffffffffffffffffffffffffffffffffff ...",
    ),
    PROTOBUF,
  ),
  row(
    "protobuf groups 10,000 deep",
    DEPTH,
    Buffer.from([...MAGIC, ...Array(10_000).fill(0x7b)]),
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "unexpected EOF",
      "6b3873007b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b ...",
    ),
    PROTOBUF,
  ),
  row(
    "a protobuf group for a message",
    "protobuf wire format: wire types",
    Buffer.from([...MAGIC, 0x0b, 0x0c]),
    400,
    unrecognized("SelfSubjectAccessReview", "proto: wrong wireType = 3 for field TypeMeta", "6b3873000b0c"),
    PROTOBUF,
  ),
  row(
    "JSON under the name of protobuf",
    "Kubernetes: protobuf envelope",
    "{}",
    400,
    unrecognized(
      "SelfSubjectAccessReview",
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
      "{}",
    ),
    PROTOBUF,
  ),
  row(
    "more than three megabytes",
    "Kubernetes: MaxRequestBodyBytes",
    " ".repeat(3 * 1024 * 1024 + 1),
    413,
    "RequestEntityTooLarge: Request entity too large: limit is 3145728",
  ),
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
    want: {
      code: 400,
      says: unrecognized(
        "SelfSubjectAccessReview",
        "couldn't get version/kind; json parse error: invalid character '\\x1f' looking for beginning of value",
        "1f8b0800000000000003edc101010000008220ffaf6e4840010000000000 ...",
      ),
    },
  },
  {
    name: "an anonymous client's body is not read",
    rule: "Kubernetes: authorization comes before decoding",
    as: "nobody",
    attempt: post("/api/v1/namespaces/shop/configmaps", "[".repeat(1_000_000)),
    want: { code: 403, says: denied("system:anonymous", "create", "configmaps", { namespace: "shop" }) },
  },
  {
    name: "a key twice under strict validation",
    rule: "Kubernetes: fieldValidation=Strict, duplicate fields",
    as: "owner",
    attempt: post(
      "/api/v1/namespaces/shop/configmaps?fieldValidation=Strict",
      '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}',
    ),
    want: {
      code: 400,
      says: 'BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
    },
  },
  {
    name: "an unknown field under strict validation",
    rule: "Kubernetes: fieldValidation=Strict, unknown fields",
    as: "owner",
    attempt: post(
      "/api/v1/namespaces/shop/configmaps?fieldValidation=Strict",
      '{"metadata":{"name":"x"},"__proto__":{"a":1}}',
    ),
    want: {
      code: 400,
      says: 'BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "__proto__"',
    },
  },
  {
    name: "the body of another kind",
    rule: "Kubernetes: TypeMeta",
    as: "owner",
    attempt: post("/api/v1/namespaces/shop/configmaps", { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } }),
    want: {
      code: 400,
      says: 'BadRequest: Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    },
  },
];
