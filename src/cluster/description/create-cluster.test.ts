import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterRanges, DEFAULT_RANGES } from "./addresses.ts";
import { type ClusterConfig, nodeConfig } from "./cluster-config.ts";
import { nextNodeProblem, rangeProblem } from "./create-cluster.ts";

const cases: { name: string; ranges: Partial<ClusterRanges>; nodes: number; want: string | undefined }[] = [
  { name: "nothing is asked for", ranges: {}, nodes: 189, want: undefined },
  { name: "16 addresses do for one node", ranges: { nodeCIDRs: ["192.0.2.0/28"] }, nodes: 1, want: undefined },
  {
    name: "16 addresses do not for five nodes",
    ranges: { nodeCIDRs: ["192.0.2.0/28"] },
    nodes: 5,
    want: "Cannot use --node-cidr 192.0.2.0/28 for 5 nodes: must be /27 or larger",
  },
  { name: "a node's pods fill 256 addresses", ranges: { podCIDRs: ["192.0.2.0/24"] }, nodes: 1, want: undefined },
  {
    name: "three nodes need four such ranges",
    ranges: { podCIDRs: ["198.18.0.0/23"] },
    nodes: 3,
    want: "Cannot use --pod-cidr 198.18.0.0/23 for 3 nodes: must be /22 or larger",
  },
  {
    name: "the DNS Service's address is inside",
    ranges: { serviceCIDRs: ["192.0.2.0/28"] },
    nodes: 1,
    want: undefined,
  },
  {
    name: "the DNS Service's address is not inside",
    ranges: { serviceCIDRs: ["192.0.2.0/29"] },
    nodes: 1,
    want: "Cannot use --service-cidr 192.0.2.0/29 for 1 nodes: must be /28 or larger",
  },
];
for (const { name, ranges, nodes, want } of cases) {
  test(`rangeProblem: ${name}`, () => {
    assert.equal(rangeProblem(ranges, nodes), want);
  });
}

const nextCases: { name: string; config: Partial<ClusterConfig>; want: string | undefined }[] = [
  { name: "there is room by default", config: {}, want: undefined },
  {
    name: "the last address before those of load balancers",
    config: { nextNodeIndex: 188 },
    want: undefined,
  },
  {
    name: "none after it",
    config: { nextNodeIndex: 189 },
    want: "the cluster has had the 189 that 172.30.0.0/24 has addresses for, and they are not used again",
  },
  {
    name: "the last address but broadcast",
    config: { nodeCIDRs: ["192.0.2.0/28"], nextNodeIndex: 3 },
    want: undefined,
  },
  {
    name: "not the broadcast address",
    config: { nodeCIDRs: ["192.0.2.0/28"], nextNodeIndex: 4 },
    want: "the cluster has had the 4 that 192.0.2.0/28 has addresses for, and they are not used again",
  },
  {
    name: "no addresses for its pods",
    config: { podCIDRs: ["192.0.2.0/24"] },
    want: "192.0.2.0/24 has addresses for the pods of 1: make the cluster with a larger --pod-cidr",
  },
  {
    name: "the addresses of the pods of one that is gone",
    config: { podCIDRs: ["198.18.0.0/23"], nextNodeIndex: 7 },
    want: undefined,
  },
];
for (const { name, config, want } of nextCases) {
  test(`nextNodeProblem: ${name}`, () => {
    const nodes = [nodeConfig("shop", DEFAULT_RANGES, 0)];
    assert.equal(nextNodeProblem({ ...DEFAULT_RANGES, nodes, nextNodeIndex: 1, ...config }), want);
  });
}
