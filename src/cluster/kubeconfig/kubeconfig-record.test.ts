import assert from "node:assert/strict";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { currentContext } from "@fairlead/client/kubeconfig/kubeconfig";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { TestCluster } from "../cluster.testing.ts";
import { testClusterConfig } from "../cluster.testing.ts";
import { stateFolder } from "../description/state-folder.ts";
import { ensureClusterPki } from "../pki/ensure-cluster-pki.ts";
import { adminKubeconfig, checkKubeconfig, contextName, deselectContext, selectContext } from "./kubeconfig-record.ts";

const OTHER = `# mine
apiVersion: v1
kind: Config
clusters:
- name: work
  cluster: { server: "https://192.0.2.1" }
users: []
contexts:
- name: work
  context: { cluster: work, user: work }
current-context: work
`;

/** A cluster whose certificates are there, in a temporary home. */
async function cluster(home: string, more: TestCluster = {}) {
  const config = testClusterConfig(more);
  const folder = stateFolder(config.name, { state: path.join(home, "state"), run: path.join(home, "run"), scope: "" });
  await mkdir(folder.root, { recursive: true });
  await ensureClusterPki(folder.pki, config, new Date());
  return { folder, config };
}

async function homeWith(t: TestContext, text?: string) {
  const home = await temporaryFolder(t);
  const file = path.join(home, ".kube", "config");
  if (text !== undefined) {
    await mkdir(path.dirname(file));
    await writeFile(file, text);
  }
  return { home, file };
}

test("contexts are named as kind and k3d name theirs", () => {
  assert.deepEqual(["fairlead", "shop"].map(contextName), ["fairlead", "fairlead-shop"]);
});

test("a file that was not there is made, and goes again with the cluster", async (t) => {
  const { home, file } = await homeWith(t);
  const { folder, config } = await cluster(home);
  assert.equal(await selectContext(folder, config, file), file);
  const text = await readFile(file, "utf8");
  assert.equal(await currentContext(text), "fairlead");
  assert.match(text, /server: https:\/\/127\.0\.0\.1:6443/);

  await deselectContext(folder);
  await assert.rejects(access(file), { code: "ENOENT" });
});

test("a file that was there stays, and the context selected before comes back", async (t) => {
  const { home, file } = await homeWith(t, OTHER);
  const { folder, config } = await cluster(home);
  await selectContext(folder, config, file);
  assert.equal(await currentContext(await readFile(file, "utf8")), "fairlead");

  await deselectContext(folder);
  const text = await readFile(file, "utf8");
  assert.equal(await currentContext(text), "work");
  assert.match(text, /^# mine/);
  assert.doesNotMatch(text, /fairlead/);
});

test("an up that is repeated remembers what was selected before the first", async (t) => {
  const { home, file } = await homeWith(t, OTHER);
  const { folder, config } = await cluster(home);
  await selectContext(folder, config, file);
  await selectContext(folder, config, file);
  await deselectContext(folder);
  assert.equal(await currentContext(await readFile(file, "utf8")), "work");
});

test("a file that an up made goes also when the up was repeated", async (t) => {
  const { home, file } = await homeWith(t);
  const { folder, config } = await cluster(home);
  await selectContext(folder, config, file);
  await selectContext(folder, config, file);
  await deselectContext(folder);
  await assert.rejects(access(file), { code: "ENOENT" });
});

test("a context that the user has selected since stays selected", async (t) => {
  const { home, file } = await homeWith(t, OTHER);
  const { folder, config } = await cluster(home);
  const second = await cluster(home, { name: "second", apiPort: 6444 });
  await selectContext(folder, config, file);
  await selectContext(second.folder, second.config, file);
  await deselectContext(folder);
  const text = await readFile(file, "utf8");
  assert.equal(await currentContext(text), "fairlead-second");
  assert.match(text, /name: fairlead-second/);
});

test("a cluster that was never selected has nothing to undo", async (t) => {
  const { home, file } = await homeWith(t, OTHER);
  const { folder } = await cluster(home);
  await deselectContext(folder);
  assert.equal(await readFile(file, "utf8"), OTHER);
});

test("a file that the user has deleted is not made again", async (t) => {
  const { home, file } = await homeWith(t);
  const { folder, config } = await cluster(home);
  await selectContext(folder, config, file);
  await writeFile(file, "");
  await deselectContext(folder);
  assert.equal(await readFile(file, "utf8"), "");
});

test("the printed kubeconfig has only this cluster", async (t) => {
  const { home } = await homeWith(t, OTHER);
  const { folder, config } = await cluster(home, { name: "shop", apiPort: 7443 });
  const text = await adminKubeconfig(folder, config);
  assert.equal(await currentContext(text), "fairlead-shop");
  assert.match(text, /https:\/\/127\.0\.0\.1:7443/);
  assert.ok(!text.includes("work"));
});

const unusable: { name: string; at: (home: string) => string; want: RegExp }[] = [
  { name: "a folder", at: (home) => home, want: /^Cannot use the kubeconfig .*: it is a folder$/ },
  {
    name: "a path below a file",
    at: () => `${import.meta.filename}/config`,
    want: /a part of its path is not a folder$/,
  },
  { name: "a file that is not YAML", at: () => import.meta.filename, want: /: The kubeconfig is not YAML: line \d+, / },
];
for (const { name, at, want } of unusable) {
  test(`${name} is refused as a kubeconfig`, async (t) => {
    await assert.rejects(checkKubeconfig(at(await temporaryFolder(t))), { name: "ExpectedError", message: want });
  });
}
