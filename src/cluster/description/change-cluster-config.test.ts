import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "../cluster.testing.ts";
import { changeClusterConfig } from "./change-cluster-config.ts";
import { readClusterConfig, writeClusterConfig } from "./cluster-config.ts";

test("of changes at the same time none is lost", async (t) => {
  const folder = { name: "fairlead", config: path.join(await temporaryFolder(t), "cluster.json") };
  await writeClusterConfig(folder.config, testClusterConfig());
  const addOne = () =>
    changeClusterConfig(folder, async (now) => ({ config: { ...now, nextNodeIndex: now.nextNodeIndex + 1 } }));
  const rename = () => changeClusterConfig(folder, async (now) => ({ config: { ...now, version: "next" } }));
  await Promise.all([addOne(), rename(), addOne()]);
  const { nextNodeIndex, version } = (await readClusterConfig(folder.config)) ?? {};
  assert.deepEqual({ nextNodeIndex, version }, { nextNodeIndex: 3, version: "next" });
});

test("what is gone is not described again", async (t) => {
  const folder = { name: "fairlead", config: path.join(await temporaryFolder(t), "cluster.json") };
  const unchanged = changeClusterConfig(folder, async (config) => ({ config }));
  await assert.rejects(unchanged, { message: 'The cluster "fairlead" is gone' });
  assert.equal(await readClusterConfig(folder.config), undefined);
});
