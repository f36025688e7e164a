import assert from "node:assert/strict";
import { test } from "node:test";
import {
  configKeyProblems,
  dns1035LabelProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  envVarNameProblems,
  isLonger,
  labelKeyProblems,
  labelValueProblems,
  pathSegmentProblems,
  portNameProblems,
  portNumberProblems,
  prefixToCheck,
} from "./names.ts";

type Rule = (text: string) => string[];
const long = (length: number) => "a".repeat(length);

const fine: [rule: Rule, texts: string[]][] = [
  [dnsLabelProblems, ["a", "1", "my-name", long(63)]],
  [dnsSubdomainProblems, ["a.b", "my-app.v2", long(253)]],
  [dns1035LabelProblems, ["a1", "my-name"]],
  [labelKeyProblems, ["app", "App_1.x", "example.com/app"]],
  [labelValueProblems, ["", "a", "A-b_c.d", long(63)]],
  [configKeyProblems, ["a", ".a", "A_b-c.txt"]],
  [envVarNameProblems, ["A", "1A", "a.b-c", "a b"]],
  [portNameProblems, ["http", "a1", "web-1"]],
  [pathSegmentProblems, ["system:node", "a.b"]],
];
for (const [rule, texts] of fine) {
  for (const text of texts) test(`${rule.name} takes ${text}`, () => assert.deepEqual(rule(text), []));
}

const wrong: [rule: Rule, text: string, want: string[]][] = [
  [dnsLabelProblems, "a.b", ["must not contain dots"]],
  [
    dnsLabelProblems,
    "A",
    [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [dnsLabelProblems, long(64), ["must be no more than 63 characters"]],
  [
    dns1035LabelProblems,
    "1a",
    [
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [labelKeyProblems, "/a", ["prefix part must be non-empty"]],
  [
    labelKeyProblems,
    "-a",
    [
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [labelValueProblems, long(64), ["must be no more than 63 bytes"]],
  [configKeyProblems, "..a", ["must not start with '..'"]],
  [envVarNameProblems, "", ["environment variable name must be non-empty"]],
  [
    envVarNameProblems,
    "a=b",
    ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
  ],
  [portNameProblems, "1234", ["must contain at least one letter (a-z)"]],
  [portNameProblems, "a--b-", ["must not contain consecutive hyphens", "must not begin or end with a hyphen"]],
  [pathSegmentProblems, "a/b%", ["may not contain '/'", "may not contain '%'"]],
  [pathSegmentProblems, "..", ["may not be '..'"]],
];
for (const [rule, text, want] of wrong) {
  test(`${rule.name} refuses ${text.slice(0, 20)}`, () => assert.deepEqual(rule(text), want));
}

test("ports are 1 to 65535", () => {
  assert.deepEqual([1, 65_535].flatMap(portNumberProblems), []);
  assert.deepEqual(portNumberProblems(0), ["must be between 1 and 65535, inclusive"]);
  assert.deepEqual(portNumberProblems(70_000), ["must be between 1 and 65535, inclusive"]);
});

test("the dash at the end of a generateName is not the end of the name", () => {
  assert.deepEqual(dnsLabelProblems(prefixToCheck("web-")), []);
  assert.equal(dnsLabelProblems(prefixToCheck("-")).length, 1);
});

const lengths: [text: string, max: number, want: boolean][] = [
  ["", 0, false],
  [long(3), 3, false],
  [long(4), 3, true],
  ["ä", 1, true],
  ["ä", 2, false],
  ["\u20ac", 2, true],
  ["\u20ac", 3, false],
  ["\u{1f6a2}", 3, true],
  ["\u{1f6a2}", 4, false],
];
for (const [text, max, want] of lengths) {
  test(`${JSON.stringify(text)} has ${want ? "more than" : "at most"} ${max} bytes`, () => {
    assert.equal(isLonger(text, max), want);
  });
}
