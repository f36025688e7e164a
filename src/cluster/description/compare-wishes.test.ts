import assert from "node:assert/strict";
import { test } from "node:test";
import { type TestCluster, testClusterConfig } from "../cluster.testing.ts";
import type { ClusterWishes } from "./compare-wishes.ts";
import { aboutCluster, differences, differencesText, versionNote } from "./compare-wishes.ts";

const DOWN = '"fairlead down" first, and with it all that is stored';

/** Differences from a cluster of two nodes, as lines. */
const cases: { name: string; wishes: ClusterWishes; cluster?: TestCluster; want: string[] }[] = [
  { name: "nothing is asked for", wishes: {}, want: [] },
  {
    name: "every wish is what the cluster has",
    wishes: {
      nodes: 2,
      apiPort: 6443,
      nodeCIDRs: ["172.30.0.0/24"],
      podCIDRs: ["10.244.0.0/16"],
      serviceCIDRs: ["10.96.0.0/12"],
      hostRoutes: true,
      uplink: "none",
    },
    want: [],
  },
  {
    name: "more nodes",
    wishes: { nodes: 3 },
    want: ['--nodes 3: it has 2; "fairlead node add" adds one to the cluster that runs'],
  },
  {
    name: "fewer nodes of a cluster with a name of its own",
    wishes: { nodes: 1 },
    cluster: { name: "shop" },
    want: ['--nodes 1: it has 2; "fairlead node remove NODE --name shop" takes one out of the cluster that runs'],
  },
  { name: "another port", wishes: { apiPort: 7443 }, want: [`--api-port 7443: it has 6443; ${DOWN}`] },
  {
    name: "other ranges, each a line",
    wishes: { nodeCIDRs: ["172.31.0.0/24"], podCIDRs: ["10.245.0.0/16"], serviceCIDRs: ["10.112.0.0/12"] },
    want: [
      `--node-cidr 172.31.0.0/24: it has 172.30.0.0/24; ${DOWN}`,
      `--pod-cidr 10.245.0.0/16: it has 10.244.0.0/16; ${DOWN}`,
      `--service-cidr 10.112.0.0/12: it has 10.96.0.0/12; ${DOWN}`,
    ],
  },
  {
    name: "no routes to a cluster that has some",
    wishes: { hostRoutes: false },
    want: [`--no-host-routes: it has routes from this machine; ${DOWN}`],
  },
  { name: "no routes where there are none", wishes: { hostRoutes: false }, cluster: { hostRoutes: false }, want: [] },
  {
    name: "another uplink",
    wishes: { uplink: "slirp4netns" },
    want: [`--uplink slirp4netns: it has none; ${DOWN}`],
  },
  {
    name: "other registries, without a message",
    wishes: { registries: { mirrors: [], hosts: [] } },
    want: [`--registry-mirror, --registry-config: it has others; ${DOWN}`],
  },
];
for (const { name, wishes, cluster, want } of cases) {
  test(`differences: ${name}`, () => {
    const config = testClusterConfig({ nodes: 2, ...cluster });
    const [first, ...lines] = differencesText(config, differences(config, wishes)).split("\n");
    assert.equal(first, `The cluster "${config.name}" is not as asked for, and stays unchanged:`);
    assert.deepEqual(
      lines,
      want.map((line) => `  ${line}`),
    );
  });
}

test("a cluster of this version needs no note", () => {
  const config = testClusterConfig({ version: "0.1.0" });
  assert.equal(versionNote(config, { version: "0.1.0", runs: true }), undefined);
});

test("a cluster of another version is reported, with what to do", () => {
  const config = testClusterConfig({ version: "0.0.9", name: "shop" });
  const recreate =
    'for one made by this version: "fairlead down --name shop", which takes all that is stored, and "fairlead up --name shop"';
  assert.equal(
    versionNote(config, { version: "0.1.0", runs: true }),
    `The cluster "shop" is run by fairlead 0.0.9, this is 0.1.0: it goes on unchanged; ${recreate}`,
  );
  assert.equal(
    versionNote(config, { version: "0.1.0", runs: false }),
    `The cluster "shop" is from fairlead 0.0.9, and is started by 0.1.0; ${recreate}`,
  );
});

test("commands name the cluster unless it is the default one", () => {
  assert.deepEqual(
    ["fairlead", "shop"].map((name) => aboutCluster("down", name)),
    ["fairlead down", "fairlead down --name shop"],
  );
});
