import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { applySettings } from "./kernel-settings.ts";

const settings = [{ path: "ipv4/ip_forward", value: "1" }];

async function folderWith(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const forwarding = (folder: string) => readFile(path.join(folder, "ipv4/ip_forward"), "utf8");

test("applySettings changes what a namespace of its own has otherwise", async (t) => {
  const folder = await folderWith(t, { "ipv4/ip_forward": "0\n" });
  await applySettings(settings, { ownsMachine: false, folder });
  assert.equal(await forwarding(folder), "1");
});

test("applySettings refuses to change the network of a machine that the node does not own", async (t) => {
  const folder = await folderWith(t, { "ipv4/ip_forward": "0\n", "core/netdev_max_backlog": "1000\n" });
  await assert.rejects(applySettings(settings, { ownsMachine: false, folder }), /Cannot set ipv4\/ip_forward to 1/);
  assert.equal(await forwarding(folder), "0\n");
  await applySettings(settings, { ownsMachine: true, folder });
  assert.equal(await forwarding(folder), "1");
});

test("applySettings has nothing against a machine whose settings are right already", async (t) => {
  const folder = await folderWith(t, { "ipv4/ip_forward": "1\n", "core/netdev_max_backlog": "1000\n" });
  await applySettings(settings, { ownsMachine: false, folder });
  assert.equal(await forwarding(folder), "1\n");
});
