import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRanges } from "./addresses.ts";
import { rangeProblem } from "./create-cluster.ts";

const cases: { name: string; ranges: Partial<ClusterRanges>; nodes: number; want: string | undefined }[] = [
  { name: "nothing is asked for", ranges: {}, nodes: 189, want: undefined },
  { name: "16 addresses do for one node", ranges: { nodeCIDR: "192.0.2.0/28" }, nodes: 1, want: undefined },
  {
    name: "16 addresses do not for five nodes",
    ranges: { nodeCIDR: "192.0.2.0/28" },
    nodes: 5,
    want: "Cannot use --node-cidr 192.0.2.0/28 for 5 nodes: must be /27 or larger",
  },
  { name: "a node's pods fill 256 addresses", ranges: { podCIDR: "192.0.2.0/24" }, nodes: 1, want: undefined },
  {
    name: "three nodes need four such ranges",
    ranges: { podCIDR: "198.18.0.0/23" },
    nodes: 3,
    want: "Cannot use --pod-cidr 198.18.0.0/23 for 3 nodes: must be /22 or larger",
  },
  { name: "the DNS Service's address is inside", ranges: { serviceCIDR: "192.0.2.0/28" }, nodes: 1, want: undefined },
  {
    name: "the DNS Service's address is not inside",
    ranges: { serviceCIDR: "192.0.2.0/29" },
    nodes: 1,
    want: "Cannot use --service-cidr 192.0.2.0/29 for 1 nodes: must be /28 or larger",
  },
];
for (const { name, ranges, nodes, want } of cases) {
  test(`rangeProblem: ${name}`, () => {
    assert.equal(rangeProblem(ranges, nodes), want);
  });
}
