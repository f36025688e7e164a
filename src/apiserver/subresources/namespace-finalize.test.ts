import assert from "node:assert/strict";
import { test } from "node:test";
import type { Namespace } from "../../api/core/v1/namespace.ts";
import { StatusError } from "../../api/status-error.ts";
import { finalized } from "./namespace-finalize.ts";

const ENDED = "2026-01-01T00:00:00Z";

const cases: { name: string; stored: object; given: string[]; version?: string; want: string }[] = [
  {
    name: "the last finalizer of an ending namespace ends it",
    stored: { deletionTimestamp: ENDED },
    given: [],
    want: "removed",
  },
  { name: "another one holds it", stored: { deletionTimestamp: ENDED }, given: ["mine"], want: "mine" },
  {
    name: "one in its metadata holds it",
    stored: { deletionTimestamp: ENDED, finalizers: ["x"] },
    given: [],
    want: "",
  },
  { name: "a namespace that nobody deleted stays", stored: {}, given: [], want: "" },
  { name: "a stale writer is told", stored: {}, given: [], version: "6", want: "Conflict" },
];

for (const { name, stored, given, version = "7", want } of cases) {
  test(`finalized: ${name}`, () => {
    try {
      const change = finalized(namespace(["kubernetes"], stored), namespace(given, { resourceVersion: version }));
      assert.equal("remove" in change ? "removed" : (change.object.spec.finalizers ?? []).join(), want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.reason, want);
    }
  });
}

function namespace(finalizers: string[], metadata: object): Namespace {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "n", uid: "", resourceVersion: "7", creationTimestamp: "", ...metadata },
    spec: { finalizers },
    status: { phase: "Terminating" },
  };
}
