import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRanges } from "./plan.ts";

test("nodeRanges: one after another", () => {
  const ranges = nodeRanges(["10.244.0.0/16"]);
  assert.deepEqual([ranges.allocate(), ranges.allocate()], [["10.244.0.0/24"], ["10.244.1.0/24"]]);
});

test("nodeRanges: those that nodes have already are left out, whatever their length", () => {
  const ranges = nodeRanges(["10.244.0.0/16"]);
  ranges.occupy("10.244.0.0/23");
  ranges.occupy("10.244.3.128/25");
  ranges.occupy("192.0.2.0/24");
  ranges.occupy("nonsense");
  assert.deepEqual([ranges.allocate(), ranges.allocate()], [["10.244.2.0/24"], ["10.244.4.0/24"]]);
});

test("nodeRanges: a released one is used again, and there is an end", () => {
  const ranges = nodeRanges(["10.244.0.0/23"]);
  assert.deepEqual(
    [ranges.allocate(), ranges.allocate(), ranges.allocate()],
    [["10.244.0.0/24"], ["10.244.1.0/24"], undefined],
  );
  ranges.release("10.244.0.0/24");
  assert.deepEqual(ranges.allocate(), ["10.244.0.0/24"]);
});

test("nodeRanges: IPv6", () => {
  const ranges = nodeRanges(["fd00:10:244::/56"]);
  assert.deepEqual([ranges.allocate(), ranges.allocate()], [["fd00:10:244::/64"], ["fd00:10:244:1::/64"]]);
});

test("nodeRanges: one of each family, in the order of the cluster's", () => {
  const ranges = nodeRanges(["fd00:10:244::/56", "10.244.0.0/16"], { ipv4: 26, ipv6: 64 });
  ranges.occupy("10.244.0.0/26");
  assert.deepEqual(ranges.allocate(), ["fd00:10:244::/64", "10.244.0.64/26"]);
  assert.deepEqual(ranges.allocate(), ["fd00:10:244:1::/64", "10.244.0.128/26"]);
});

test("nodeRanges: where one family has none left, none of the other is taken", () => {
  const ranges = nodeRanges(["10.244.0.0/23", "fd00:10:244::/64"]);
  assert.deepEqual(ranges.allocate(), ["10.244.0.0/24", "fd00:10:244::/64"]);
  assert.equal(ranges.allocate(), undefined);
  ranges.release("fd00:10:244::/64");
  assert.deepEqual(ranges.allocate(), ["10.244.1.0/24", "fd00:10:244::/64"]);
});

const refused = [
  { cidr: "10.244.0.0", mask: 24, want: /must be a range such as/ },
  { cidr: "10.244.0.0/16", mask: 12, want: /must be between 16 and 32/ },
  { cidr: "300.0.0.0/8", mask: 24, want: /must be a range such as/ },
];
for (const { cidr, mask, want } of refused) {
  test(`nodeRanges: ${cidr} in parts of ${mask} is refused`, () => {
    assert.throws(() => nodeRanges([cidr], { ipv4: mask, ipv6: 64 }), want);
  });
}
