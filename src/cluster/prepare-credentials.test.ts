import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { testClusterConfig } from "./cluster.testing.ts";
import { writeClusterConfig } from "./description/cluster-config.ts";
import { stateFolder } from "./description/state-folder.ts";
import { readKeyPair } from "./pki/pki-files.ts";
import { prepareCredentials } from "./prepare-credentials.ts";

test("those who prepare credentials at the same time leave pairs that fit", async (t) => {
  const home = await temporaryFolder(t);
  const folder = stateFolder("twice", { state: home, run: home, scope: "" });
  const config = testClusterConfig({ name: "twice", nodes: 6 });
  await mkdir(folder.root, { recursive: true });
  await writeClusterConfig(folder.config, config);
  await Promise.all(Array.from({ length: 8 }, () => prepareCredentials(folder, config)));
  const files = await readdir(folder.pki, { recursive: true });
  const names = files.filter((file) => file.endsWith(".crt"));
  assert.equal(names.length, 4 + 6 * 5);
  for (const name of names) {
    const pair = await readKeyPair(path.join(folder.pki, name.slice(0, -".crt".length)));
    assert.ok(pair !== undefined, name);
    assert.ok(new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key)), name);
  }
});

test("a machine that was taken out of the cluster meanwhile gets none", async (t) => {
  const home = await temporaryFolder(t);
  const folder = stateFolder("removed", { state: home, run: home, scope: "" });
  await mkdir(folder.root, { recursive: true });
  await writeClusterConfig(folder.config, testClusterConfig({ name: "removed", nodes: 1 }));
  await prepareCredentials(folder, testClusterConfig({ name: "removed", nodes: 2 }));
  assert.deepEqual(await readdir(folder.kubeconfigs), ["removed-1"]);
});
