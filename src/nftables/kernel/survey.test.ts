import assert from "node:assert/strict";
import { test } from "node:test";
import { takeOver } from "../changes/diff.ts";
import { commands } from "../text/commands.ts";
import { parseSurvey } from "./survey.ts";

const printed = JSON.stringify({
  nftables: [
    { metainfo: { version: "1.0.6" } },
    { table: { family: "ip", name: "fairlead-proxy" } },
    { map: { name: "services", type: ["ipv4_addr", "inet_proto", "inet_service"], map: "verdict" } },
    { set: { name: "cluster-ips", type: "ipv4_addr" } },
    { set: { name: "sticky", type: "ipv4_addr", flags: ["timeout"], timeout: 60 } },
    { chain: { name: "service" } },
    { chain: { name: "old" } },
    { rule: { chain: "service", expr: [] } },
  ],
});

test("parseSurvey tells what the kernel fills in itself from what we do", () => {
  assert.deepEqual(parseSurvey(printed), {
    chains: ["service", "old"],
    sets: ["cluster-ips"],
    maps: ["services"],
    dynamicSets: ["sticky"],
  });
});

test("takeOver flushes existing chains and sets, fills in the wanted ones, and deletes the rest", () => {
  const operations = takeOver(parseSurvey(printed), [
    { object: "set", name: "services", key: ["protocol", "port"], data: "verdict" },
    { object: "set", name: "sticky", key: ["address"], timeoutSeconds: 60 },
    { object: "chain", name: "service", rules: [{ match: [], action: { do: "drop" } }] },
    { object: "element", set: "services", key: "tcp . 80", value: "goto service" },
  ]);
  const words = commands(operations, { family: "ip", name: "fairlead-proxy" }).map((command) =>
    command.replaceAll("ip fairlead-proxy ", ""),
  );
  assert.deepEqual(words, [
    "flush chain service",
    "flush chain old",
    "flush set cluster-ips",
    "flush map services",
    "add map services { type inet_proto . inet_service : verdict; }",
    "add set sticky { type ipv4_addr; flags dynamic, timeout; timeout 60s; }",
    "add chain service",
    "add rule service drop",
    "add element services { tcp . 80 : goto service }",
    "delete chain old",
    "delete set cluster-ips",
  ]);
});
