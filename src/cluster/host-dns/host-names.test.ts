import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_TTL_SECONDS, defaultCorefile } from "@fairlead/dns/config/default-corefile";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { hostDNSOf, hostDomainLines, takenDomains, withLines } from "./host-names.ts";

const config: ClusterConfig = {
  ...{ formatVersion: 2, name: "demo", scope: "", version: "0.1.0", nodes: [], nextNodeIndex: 1, apiPort: 6443 },
  ...{ nodeCIDRs: ["172.30.0.0/24"], podCIDRs: ["10.244.0.0/16"], serviceCIDRs: ["10.96.0.0/12"] },
  ...{ clusterDomain: "cluster.local", nodePortRange: "30000-32767", hostRoutes: true, uplink: "none" },
};

test("a cluster whose names are not resolved on the host", () => {
  assert.equal(hostDNSOf(config), undefined);
});

test("the cluster's DNS is asked by the interface that leads to it", () => {
  const found = hostDNSOf({ ...config, hostDNS: ["cluster.local", "demo.test"] });
  assert.match(found?.link ?? "", /^fl-[0-9a-f]{10}$/);
  assert.deepEqual(found, { link: found?.link, server: "10.96.0.10", domains: ["cluster.local", "demo.test"] });
});

test("domains of other clusters are taken", () => {
  const others = [config, { ...config, name: "other", hostDNS: ["cluster.local", "other.test"] }];
  assert.deepEqual(
    [...takenDomains(others)],
    [
      ["cluster.local", "other"],
      ["other.test", "other"],
    ],
  );
});

test("the host domain's lines stand in the server block of the default", () => {
  const lines = hostDomainLines("demo.test", "cluster.local");
  const text = withLines(defaultCorefile("cluster.local", DEFAULT_TTL_SECONDS), lines);
  assert.match(
    text,
    /\n {4}loadbalance\n {4}rewrite name suffix \.svc\.demo\.test \.svc\.cluster\.local answer auto\n/,
  );
  assert.match(text, /\n {4}rewrite name suffix \.demo\.test \.svc\.cluster\.local answer auto\n}\n$/);
});
