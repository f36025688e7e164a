import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { poolsOfConfigMap } from "./read-config-map.ts";

const read = (data: Record<string, string>) =>
  poolsOfConfigMap(complete(configMapKind, { metadata: { name: "config", namespace: "metallb-system" }, data }));

test("pools are read with their settings", () => {
  const config = [
    "address-pools:",
    "- name: a",
    "  protocol: layer2",
    "  addresses: [10.0.0.0/24, 10.1.0.1-10.1.0.9]",
    "  auto-assign: false",
    "- {name: b, protocol: l2, addresses: ['fd00::/120'], avoid-buggy-ips: true}",
  ].join("\n");
  assert.deepEqual(read({ config }), {
    pools: [
      { name: "a", addresses: ["10.0.0.0/24", "10.1.0.1-10.1.0.9"], autoAssign: false, avoidBuggyIPs: false },
      { name: "b", addresses: ["fd00::/120"], autoAssign: true, avoidBuggyIPs: true },
    ],
  });
  assert.deepEqual(read({ config: "" }), { pools: [] });
});

const wrong: readonly (readonly [config: string, problem: RegExp])[] = [
  ["address-pools: [", /Flow sequence|must be|expected/],
  ["- a", /it is not a mapping/],
  ["address-pools: a", /"address-pools" is not a list/],
  ["address-pools: [a]", /a pool is not a mapping/],
  ["address-pools: [{protocol: layer2}]", /a pool has no name/],
  ["address-pools: [{name: a, protocol: bgp, addresses: []}]", /pool "a" has protocol "bgp": only layer2/],
  ["address-pools: [{name: a, protocol: layer2}]", /pool "a" has no list of addresses/],
  ["address-pools: [{name: a, protocol: layer2, addresses: [1]}]", /pool "a" has no list of addresses/],
  ["address-pools: [{name: a, protocol: layer2, addresses: [], auto-assign: 'no'}]", /other than true and false/],
  ["address-pools: [{name: a, protocol: layer2, addresses: [], extra: 1}]", /"extra" of pool "a" is not supported/],
  ["peers: []\naddress-pools: []", /"peers" is not supported/],
];

for (const [config, problem] of wrong) {
  test(`${JSON.stringify(config)} is no configuration`, () => {
    const { pools, problem: found = "" } = read({ config });
    assert.deepEqual(pools, []);
    assert.match(found, problem);
  });
}

test("a ConfigMap without the key, and one whose aliases grow, are no configuration", () => {
  assert.match(read({ other: "" }).problem ?? "", /it has no key "config"/);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]`;
  assert.match(read({ config: bomb }).problem ?? "", /alias/i);
});
