import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import { type Endpoint, negotiate, type Offer } from "./negotiate.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

const META = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const METAS = META.replace("Metadata;", "MetadataList;");
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const ONLY = `only the following media types are accepted: application/json, application/yaml, ${PROTOBUF}`;

const rows: readonly {
  readonly name: string;
  readonly accept: string | undefined;
  readonly endpoint?: Endpoint;
  /** Of a custom resource. */
  readonly isTextOnly?: boolean;
  readonly want: string;
}[] = [
  { name: "nothing means JSON", accept: undefined, want: "json object" },
  { name: "anything means JSON", accept: "*/*", want: "json object" },
  { name: "anything, in short", accept: "*", want: "json object" },
  { name: "any application type means JSON", accept: "application/*", want: "json object" },
  { name: "text cannot be had", accept: "text/*", want: ONLY },
  { name: "a browser gets JSON", accept: "text/html,application/xml;q=0.9,*/*;q=0.8", want: "json object" },
  { name: "kubectl get asks for a table", accept: `${TABLE},application/json`, want: "json table v1" },
  {
    name: "an older kubectl asks for an older table",
    accept: TABLE.replace("v=v1;", "v=v1beta1;"),
    want: "json table v1beta1",
  },
  {
    name: "an unknown table falls back",
    accept: `${TABLE.replace("v=v1;", "v=v9;")}, application/json`,
    want: "json object",
  },
  { name: "an unknown kind cannot be had", accept: TABLE.replace("Table", "Chair"), want: ONLY },
  { name: "a version without a kind cannot be had", accept: "application/json;v=v1", want: ONLY },
  { name: "a table of no group cannot be had", accept: "application/json;as=Table;v=v1", want: ONLY },
  { name: "a question has no table", accept: TABLE, endpoint: "question", want: ONLY },
  { name: "a question falls back", accept: `${TABLE}, */*`, endpoint: "question", want: "json object" },
  { name: "a question has metadata", accept: META, endpoint: "question", want: "json metadata v1" },
  { name: "a document is no table", accept: `${TABLE}, application/yaml`, endpoint: "document", want: "yaml object" },
  { name: "protobuf", accept: `${PROTOBUF},application/json`, want: "protobuf object" },
  { name: "protobuf with a kind that clients name", accept: `${PROTOBUF};type=v1.Pod`, want: "protobuf object" },
  { name: "metadata in protobuf", accept: META.replace("application/json", PROTOBUF), want: "protobuf metadata v1" },
  { name: "there are no tables in protobuf", accept: TABLE.replace("application/json", PROTOBUF), want: ONLY },
  {
    name: "a table in JSON, where protobuf has none",
    accept: `${TABLE.replace("application/json", PROTOBUF)}, ${TABLE}`,
    want: "json table v1",
  },
  {
    name: "a custom resource falls back to JSON",
    accept: `${PROTOBUF},application/json`,
    isTextOnly: true,
    want: "json object",
  },
  { name: "a custom resource is no protobuf", accept: PROTOBUF, isTextOnly: true, want: ONLY },
  {
    name: "metadata of a custom resource is",
    accept: META.replace("application/json", PROTOBUF),
    isTextOnly: true,
    want: "protobuf metadata v1",
  },
  { name: "a document in protobuf", accept: PROTOBUF, endpoint: "document", want: "protobuf object" },
  { name: "a document of a server version", accept: "application/json;sv=v1", endpoint: "document", want: ONLY },
  { name: "an object of a server version", accept: "application/json;sv=v1", want: "json object" },
  { name: "a watch in protobuf", accept: PROTOBUF, endpoint: "watch", want: "protobuf object" },
  {
    name: "a watch in protobuf, by its stream",
    accept: `${PROTOBUF};stream=watch`,
    endpoint: "watch",
    want: "protobuf object",
  },
  { name: "YAML has no streams", accept: "application/yaml;stream=watch, application/json", want: "json object" },
  { name: "quality decides", accept: `${TABLE};q=0.5, application/json;q=0.9`, want: "json object" },
  { name: "what has quality 0 is better than nothing", accept: "application/yaml;q=0", want: "yaml object" },
  { name: "a quality that is no number is 0", accept: "application/yaml;q=x, */*;q=0.1", want: "json object" },
  { name: "an exact type goes before a wildcard", accept: "*/*, application/yaml", want: "yaml object" },
  { name: "YAML", accept: "application/yaml", want: "yaml object" },
  { name: "a table in YAML", accept: TABLE.replace("json", "yaml"), want: "yaml table v1" },
  { name: "metadata of an object", accept: META, want: "json metadata v1" },
  { name: "older metadata", accept: META.replace("v=v1;", "v=v1beta1;"), want: "json metadata v1beta1" },
  {
    name: "metadata of a list, where there is one object",
    accept: `${METAS}, application/json`,
    want: "you requested PartialObjectMetadataList, but the requested object is not a list",
  },
  { name: "metadata of a list", accept: METAS, endpoint: "list", want: "json metadata v1" },
  {
    name: "metadata of one object, where there is a list",
    accept: META,
    endpoint: "list",
    want: "you requested PartialObjectMetadata, but the requested object is a list",
  },
  { name: "metadata in a watch", accept: META, endpoint: "watch", want: "json metadata v1" },
  {
    name: "a watch in YAML cannot be had",
    accept: "application/yaml, application/json",
    endpoint: "watch",
    want: `only the following media types are accepted: application/json;stream=watch, ${PROTOBUF};stream=watch`,
  },
  { name: "the stream of a watch", accept: "application/json;stream=watch", endpoint: "watch", want: "json object" },
  { name: "a stream that is unknown", accept: "application/json;stream=wash", want: ONLY },
  { name: "parameters that mean nothing", accept: "application/json;charset=utf-8;x", want: "json object" },
  { name: "capitals", accept: "Application/JSON", want: "json object" },
  { name: "white space alone", accept: " ", want: ONLY },
];

for (const { name, accept, endpoint = "object", isTextOnly = false, want } of rows) {
  test(`Accept: ${name}`, () => {
    assert.equal(outcome(accept, { endpoint, isTextOnly }), want);
  });
}

function outcome(accept: string | undefined, offer: Offer): string {
  try {
    const { format, type, version } = negotiate(accept, offer);
    return `${format} ${type}${type === "object" ? "" : ` ${version}`}`;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    assert.equal(error.reason, "NotAcceptable");
    return error.message;
  }
}
