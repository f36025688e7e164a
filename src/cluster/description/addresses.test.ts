import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRanges } from "./addresses.ts";
import { addressAt, allRanges, chooseRanges, contains, overlaps, parseRange, prefixLengthOf } from "./addresses.ts";

const wrong: { name: string; text: string; want: RegExp }[] = [
  { name: "an address alone", text: "10.0.0.0", want: /must be IPv4 CIDR notation/ },
  { name: "a prefix longer than an address", text: "10.0.0.0/33", want: /must be IPv4 CIDR notation/ },
  { name: "a prefix in words", text: "10.0.0.0/x", want: /must be IPv4 CIDR notation/ },
  { name: "an address out of bounds", text: "10.0.256.0/24", want: /must be IPv4 CIDR notation/ },
  { name: "IPv6", text: "fd00::/64", want: /must be IPv4 CIDR notation/ },
  { name: "bits behind the prefix", text: "10.0.0.9/24", want: /it starts at 10\.0\.0\.0$/ },
  { name: "nothing", text: "", want: /must be IPv4 CIDR notation/ },
];
for (const { name, text, want } of wrong) {
  test(`parseRange refuses ${name}`, () => {
    assert.throws(() => parseRange(text), { name: "ExpectedError", message: want });
  });
}

const pairs: { a: string; b: string; want: boolean }[] = [
  { a: "10.0.0.0/24", b: "10.0.1.0/24", want: false },
  { a: "10.0.0.0/23", b: "10.0.1.0/24", want: true },
  { a: "10.0.1.0/24", b: "10.0.0.0/23", want: true },
  { a: "0.0.0.0/0", b: "255.255.255.255/32", want: true },
  { a: "10.0.0.4/32", b: "10.0.0.5/32", want: false },
];
for (const { a, b, want } of pairs) {
  test(`${a} ${want ? "overlaps" : "does not overlap"} ${b}`, () => {
    assert.equal(overlaps(parseRange(a), parseRange(b)), want);
  });
}

test("addressAt counts from the network address over the bounds of bytes", () => {
  assert.deepEqual(
    [0, 1, 255, 256].map((index) => addressAt("172.30.0.0/16", index)),
    ["172.30.0.0", "172.30.0.1", "172.30.0.255", "172.30.1.0"],
  );
  assert.throws(() => addressAt("172.30.0.0/30", 4), /the range is smaller/);
  assert.equal(prefixLengthOf("10.96.0.0/12"), 12);
});

test("contains tells addresses inside from those outside", () => {
  assert.deepEqual(
    ["10.96.0.10", "10.111.255.255", "10.112.0.0"].map((address) => contains("10.96.0.0/12", address)),
    [true, true, false],
  );
});

const choices: { name: string; asked?: Partial<ClusterRanges>; taken?: string[]; want: string }[] = [
  { name: "nothing is taken", want: "172.30.0.0/24 10.244.0.0/16 10.96.0.0/12" },
  {
    name: "the defaults are another cluster's",
    taken: ["172.30.0.0/24", "10.244.0.0/16", "10.96.0.0/12"],
    want: "172.30.1.0/24 10.245.0.0/16 10.112.0.0/12",
  },
  {
    name: "a larger range covers the default",
    taken: ["172.30.0.0/23"],
    want: "172.30.2.0/24 10.244.0.0/16 10.96.0.0/12",
  },
  { name: "one address is taken", taken: ["10.96.0.1/32"], want: "172.30.0.0/24 10.244.0.0/16 10.112.0.0/12" },
  {
    name: "one range is asked for",
    asked: { podCIDRs: ["192.168.0.0/16"] },
    want: "172.30.0.0/24 192.168.0.0/16 10.96.0.0/12",
  },
  {
    name: "what is asked for covers a default of another kind",
    asked: { podCIDRs: ["172.30.0.0/17"] },
    want: "172.30.128.0/24 172.30.0.0/17 10.96.0.0/12",
  },
];
for (const { name, asked = {}, taken = [], want } of choices) {
  test(`chooseRanges: ${name}`, () => {
    assert.equal(allRanges(chooseRanges(asked, taken)).join(" "), want);
  });
}

const refused: { name: string; asked: Partial<ClusterRanges>; taken: string[]; want: RegExp }[] = [
  {
    name: "what this machine has a route for",
    asked: { nodeCIDRs: ["10.1.0.0/24"] },
    taken: ["10.0.0.0/8"],
    want: /--node-cidr 10\.1\.0\.0\/24: this machine has a route for 10\.0\.0\.0\/8/,
  },
  {
    name: "ranges that overlap each other",
    asked: { podCIDRs: ["10.0.0.0/8"], serviceCIDRs: ["10.96.0.0/12"] },
    taken: [],
    want: /--service-cidr 10\.96\.0\.0\/12: it overlaps --pod-cidr 10\.0\.0\.0\/8/,
  },
  { name: "what is no range", asked: { podCIDRs: ["many"] }, taken: [], want: /"many": must be IPv4/ },
  { name: "a machine full of routes", asked: {}, taken: ["10.0.0.0/8"], want: /name one with --pod-cidr/ },
];
for (const { name, asked, taken, want } of refused) {
  test(`chooseRanges refuses ${name}`, () => {
    assert.throws(() => chooseRanges(asked, taken), { name: "ExpectedError", message: want });
  });
}
