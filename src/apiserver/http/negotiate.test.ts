import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "../../api/status-error.ts";
import { negotiate } from "./negotiate.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

const rows: readonly { readonly name: string; readonly accept: string | undefined; readonly want: string }[] = [
  { name: "nothing means JSON", accept: undefined, want: "object" },
  { name: "anything means JSON", accept: "*/*", want: "object" },
  { name: "kubectl get asks for a table", accept: `${TABLE},application/json`, want: "table v1" },
  {
    name: "an older kubectl asks for an older table",
    accept: TABLE.replace("v=v1;", "v=v1beta1;"),
    want: "table v1beta1",
  },
  {
    name: "an unknown table falls back",
    accept: `${TABLE.replace("v=v1;", "v=v9;")}, application/json`,
    want: "object",
  },
  {
    name: "protobuf falls back to JSON",
    accept: "application/vnd.kubernetes.protobuf,application/json",
    want: "object",
  },
  { name: "protobuf alone cannot be had", accept: "application/vnd.kubernetes.protobuf", want: "NotAcceptable" },
  { name: "quality decides", accept: `${TABLE};q=0.5, application/json;q=0.9`, want: "object" },
  {
    name: "metadata alone, in its list form too",
    accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
    want: "metadata",
  },
];

for (const { name, accept, want } of rows) {
  test(`Accept: ${name}`, () => {
    assert.equal(outcome(accept), want);
  });
}

function outcome(accept: string | undefined): string {
  try {
    const representation = negotiate(accept);
    return representation.type === "table" ? `table ${representation.version}` : representation.type;
  } catch (error) {
    if (error instanceof StatusError) return error.reason;
    throw error;
  }
}
