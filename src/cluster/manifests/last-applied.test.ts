import assert from "node:assert/strict";
import { test } from "node:test";
import { withLastApplied } from "./last-applied.ts";

const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

/** As Go's `encoding/json` writes maps: `apply-manifests.test.ts` compares with a real kubectl. */
const cases: { name: string; metadata?: object; rest?: object; namespace?: string; want: string }[] = [
  {
    name: "an object without annotations gets an empty map of them",
    want: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
  },
  {
    name: "the namespace that was meant is written",
    namespace: "default",
    want: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n',
  },
  {
    name: "an older text is left out of the new one",
    metadata: { annotations: { [ANNOTATION]: "old", mine: "1" } },
    want: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{"mine":"1"},"name":"a"}}\n',
  },
  {
    name: "keys are in the order of their bytes, digits included",
    rest: { data: { é: "4", b: "3", "10": "1", "9": "2", B: "0" } },
    want: '{"apiVersion":"v1","data":{"10":"1","9":"2","B":"0","b":"3","é":"4"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
  },
  {
    name: "what could end a script element is escaped, and nothing else",
    rest: { data: { a: "<b> & \u2028\u2029 é \u{1f600} \"'\\\t" } },
    want: '{"apiVersion":"v1","data":{"a":"\\u003cb\\u003e \\u0026 \\u2028\\u2029 é \u{1f600} \\"\'\\\\\\t"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
  },
  {
    name: "null, empty lists and numbers stay unchanged",
    rest: { data: null, list: [], numbers: [1, 1.5, { b: 1, a: [] }] },
    want: '{"apiVersion":"v1","data":null,"kind":"ConfigMap","list":[],"metadata":{"annotations":{},"name":"a"},"numbers":[1,1.5,{"a":[],"b":1}]}\n',
  },
];
for (const { name, metadata = {}, rest = {}, namespace, want } of cases) {
  test(`withLastApplied: ${name}`, () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", ...metadata }, ...rest };
    const applied = withLastApplied(object, namespace);
    assert.equal(applied.metadata?.annotations?.[ANNOTATION], want);
    assert.deepEqual(withLastApplied(applied, namespace), applied, "once applied, there is nothing left to do");
  });
}
