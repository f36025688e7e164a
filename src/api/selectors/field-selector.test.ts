import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../complete.testing.ts";
import { configMapKind } from "../core/v1/configmap/configmap.ts";
import { podKind } from "../core/v1/pod/pod.ts";
import { fieldsMatch, parseFieldSelector, parseFieldSelectorFor } from "./field-selector.ts";

const pod = complete(podKind, {
  metadata: { name: "p", namespace: "default" },
  spec: { containers: [], nodeName: "n" },
  status: { phase: "Running" },
});

const matching: [selector: string, want: boolean][] = [
  ["", true],
  ["spec.nodeName=n", true],
  ["spec.nodeName==n,status.phase=Running", true],
  ["spec.nodeName!=n", false],
  ["status.phase!=Failed,", true],
  ["metadata.name=p,metadata.namespace=default", true],
  ["status.podIP=", true],
];
for (const [selector, want] of matching) {
  test(`field selector ${JSON.stringify(selector)} ${want ? "selects" : "leaves"} the pod`, () => {
    const parsed = parseFieldSelectorFor(podKind, selector);
    assert(parsed.error === undefined, parsed.error);
    assert.equal(fieldsMatch(podKind, parsed.terms, pod), want);
  });
}

test("a backslash takes the meaning from separators", () => {
  assert.deepEqual(parseFieldSelector("a=b\\,c\\=d\\\\"), { terms: [{ field: "a", equal: true, value: "b,c=d\\" }] });
});

const refused: [parse: () => { error?: string | undefined }, want: string][] = [
  [() => parseFieldSelector("a"), "invalid selector: 'a'; can't understand 'a'"],
  [() => parseFieldSelector("a=b=c"), "invalid field selector: unescaped character in value: 61"],
  [() => parseFieldSelector("a=\\x"), "invalid field selector: invalid escape sequence: \\x"],
  [() => parseFieldSelectorFor(podKind, "spec.foo=a"), "field label not supported: spec.foo"],
  [
    () => parseFieldSelectorFor(configMapKind, "data=a"),
    '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
];
for (const [parse, want] of refused) {
  test(`refused: ${want}`, () => assert.equal(parse().error, want));
}
