import assert from "node:assert/strict";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { openJournal, readJournal } from "./journal.ts";
import type { Resource } from "./resources.ts";

const netns: Resource = { type: "netns", name: "fairlead-a" };
const link: Resource = { type: "link", name: "fl-a" };
const folder: Resource = { type: "folder", path: "/a" };

test("entries come back in the order in which they were added, over several openings", async (t) => {
  const file = path.join(await temporaryFolder(t), "journal.jsonl");
  const first = await openJournal(file);
  await Promise.all([netns, link].map((entry) => first.add(entry)));
  await first.close();
  const second = await openJournal(file);
  await second.add(folder);
  await second.close();
  assert.deepEqual(await readJournal(file), [netns, link, folder]);
});

test("an entry is on the disk as soon as its addition resolves", async (t) => {
  const file = path.join(await temporaryFolder(t), "journal.jsonl");
  const journal = await openJournal(file);
  t.after(() => journal.close());
  await journal.add(netns);
  assert.equal(await readFile(file, "utf8"), `${JSON.stringify(netns)}\n`);
});

test("a missing journal is an empty one", async (t) => {
  assert.deepEqual(await readJournal(path.join(await temporaryFolder(t), "journal.jsonl")), []);
});

test("a line cut off by a crash is passed over, and spoils no later one", async (t) => {
  const file = path.join(await temporaryFolder(t), "journal.jsonl");
  const before = await openJournal(file);
  await before.add(netns);
  await before.close();
  await appendFile(file, '{"type":"li');

  assert.deepEqual(await readJournal(file), [netns]);
  const after = await openJournal(file);
  await after.add(folder);
  await after.close();
  assert.deepEqual(await readJournal(file), [netns, folder]);
});

test("after an entry that could not be written the next one is still tried", async (t) => {
  const file = path.join(await temporaryFolder(t), "journal.jsonl");
  const journal = await openJournal(file);
  await journal.close();
  await assert.rejects(journal.add(netns));
  await assert.rejects(journal.add(link));
  assert.deepEqual(await readJournal(file), []);
});
