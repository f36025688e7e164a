import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "../cluster.testing.ts";
import {
  apiServiceAddress,
  controlPlaneAddress,
  dnsServiceAddress,
  gatewayAddress,
  hostAddress,
  NODES_MAX,
  nodeConfig,
  readClusterConfig,
  writeClusterConfig,
} from "./cluster-config.ts";

test("what was written is read again", async (t) => {
  const file = path.join(await temporaryFolder(t), "cluster.json");
  const config = testClusterConfig({ nodes: 3, apiPort: 6444 });
  await writeClusterConfig(file, config);
  assert.deepEqual(await readClusterConfig(file), config);
});

test("there is no cluster without a file", async (t) => {
  assert.equal(await readClusterConfig(path.join(await temporaryFolder(t), "cluster.json")), undefined);
});

test("a description with one range for each use is read as one with lists", async (t) => {
  const file = path.join(await temporaryFolder(t), "cluster.json");
  const { nodeCIDRs, podCIDRs, serviceCIDRs, ...rest } = testClusterConfig({ nodes: 2 });
  const ranges = { nodeCIDR: nodeCIDRs[0], podCIDR: podCIDRs[0], serviceCIDR: serviceCIDRs[0] };
  await writeFile(file, JSON.stringify({ ...rest, ...ranges, formatVersion: 1 }));
  assert.deepEqual(await readClusterConfig(file), testClusterConfig({ nodes: 2 }));
});

test("another version's file is refused with its name", async (t) => {
  const file = path.join(await temporaryFolder(t), "cluster.json");
  await writeFile(file, JSON.stringify({ formatVersion: 3 }));
  await assert.rejects(readClusterConfig(file), { name: "ExpectedError", message: /cluster\.json: .*another version/ });
});

test("the well-known addresses are where upstream's and the documentation's are", () => {
  const config = testClusterConfig();
  assert.deepEqual(
    [gatewayAddress, hostAddress, controlPlaneAddress, apiServiceAddress, dnsServiceAddress].map((address) =>
      address(config),
    ),
    ["172.30.0.1", "172.30.0.2", "172.30.0.10", "10.96.0.1", "10.96.0.10"],
  );
});

test("nodes are numbered from 1 and have addresses from .11 on, below those of load balancers", () => {
  const config = testClusterConfig();
  assert.deepEqual(nodeConfig("shop", config, 0), { name: "shop-1", address: "172.30.0.11", index: 0 });
  assert.equal(nodeConfig("shop", config, NODES_MAX - 1).address, "172.30.0.199");
});
