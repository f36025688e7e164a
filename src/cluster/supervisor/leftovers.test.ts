import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { identifyProcess } from "@fairlead/lib/process-identity";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "../cluster.testing.ts";
import { stateFolder } from "../description/state-folder.ts";
import { findLeftovers } from "./leftovers.ts";

test("what is left: the last start of every program of a node that is there", async (t) => {
  const home = await temporaryFolder(t);
  const folder = stateFolder("shop", { state: home, run: home, scope: "" });
  const alive = await identifyProcess(process.pid);
  const ended = { pid: process.pid, startTime: 1 };
  const journal = [
    { type: "machine", node: "shop-1", ...alive },
    { type: "process", role: "supervisor", ...ended },
    { type: "process", role: "uplink", ...ended },
    { type: "process", role: "shop-1/server", ...ended },
    { type: "process", role: "shop-1/node", ...ended },
    { type: "process", role: "shop-2/node", ...alive },
    { type: "process", role: "shop-1/server", ...alive },
    { type: "folder", path: "/somewhere" },
  ];
  await mkdir(path.dirname(folder.journal), { recursive: true });
  await writeFile(folder.journal, journal.map((entry) => JSON.stringify(entry)).join("\n"));
  const found = await findLeftovers(folder, testClusterConfig({ name: "shop" }));
  assert.deepEqual(found, {
    machinesRun: true,
    programs: [
      { name: "uplink", pid: process.pid, runs: false },
      { name: "shop-1/server", pid: process.pid, runs: true },
      { name: "shop-1/node", pid: process.pid, runs: false },
    ],
  });
});

test("nothing is left where nothing was made", async (t) => {
  const home = await temporaryFolder(t);
  const folder = stateFolder("shop", { state: home, run: home, scope: "" });
  const found = await findLeftovers(folder, testClusterConfig({ name: "shop" }));
  assert.deepEqual(found, { machinesRun: false, programs: [] });
});
