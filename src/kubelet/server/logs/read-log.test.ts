import assert from "node:assert/strict";
import { appendFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { logOptions } from "./log-options.ts";
import { readLog } from "./read-log.ts";

const second = (n: number) => `2026-01-01T00:00:0${n}.5Z`;
const line = (n: number, text: string, tag = "F", stream = "stdout") => `${second(n)} ${stream} ${tag} ${text}\n`;
const four = line(1, "one") + line(2, "two", "F", "stderr") + line(3, "thr", "P") + line(4, "ee");

const now = Date.parse("2026-01-01T00:00:10Z");

const cases: { name: string; query: string; file?: string; want: string }[] = [
  { name: "everything, parts put together", query: "", want: "one\ntwo\nthree\n" },
  { name: "the last lines of the file", query: "tailLines=3", want: "two\nthree\n" },
  { name: "no line", query: "tailLines=0", want: "" },
  { name: "more lines than there are", query: "tailLines=99", want: "one\ntwo\nthree\n" },
  { name: "all by name", query: "tail=all", want: "one\ntwo\nthree\n" },
  { name: "one stream", query: "stream=Stderr", want: "two\n" },
  { name: "since some seconds", query: "sinceSeconds=8", want: "two\nthree\n" },
  { name: "since a time", query: "sinceTime=2026-01-01T00:00:03Z", want: "three\n" },
  { name: "not more than some bytes", query: "limitBytes=6", want: "one\ntw" },
  {
    name: "timestamps, once for a line in parts",
    query: "timestamps=true&tailLines=2",
    want: "2026-01-01T00:00:03.500000000Z three\n",
  },
  { name: "an unfinished last line", query: "", file: `${line(1, "a")}${second(2)} stdout F b`, want: "a\nb" },
  {
    name: "a last line that is being written, not counted",
    query: "tailLines=1",
    file: `${four}${second(5)} st`,
    want: "ee\n",
  },
  { name: "parts of lines, each counted", query: "tailLines=2", want: "three\n" },
  { name: "lines left out for their age, counted", query: "tailLines=3&sinceSeconds=7", want: "three\n" },
  { name: "lines of the other stream, counted", query: "tailLines=3&stream=Stderr", want: "two\n" },
  { name: "lines of no known form are passed over", query: "", file: `rubbish\n${line(1, "a")}`, want: "a\n" },
];

for (const { name, query, file = four, want } of cases) {
  test(`readLog: ${name}`, async (t) => {
    const log = await logFile(t, file);
    assert.equal(await read(log, query), want);
  });
}

test("readLog: finds the last lines of a file of many blocks", async (t) => {
  const lines = Array.from({ length: 20_000 }, (_, i) => line(1, `number ${i}`));
  const log = await logFile(t, lines.join(""));
  const want = Array.from({ length: 5_000 }, (_, i) => `number ${15_000 + i}\n`).join("");
  assert.equal(await read(log, "tailLines=5000"), want);
});

for (const tailLines of [0, 1, 3]) {
  test(`readLog: never more than the last ${tailLines} lines, although the container writes on`, async (t) => {
    const log = await logFile(t, Array.from({ length: 5 }, (_, i) => line(1, `old ${i}`)).join(""));
    const source = { path: log, running: async () => true, signal: new AbortController().signal };
    const got: Buffer[] = [];
    const opened = await readLog(source, logOptions(new URLSearchParams({ tailLines: String(tailLines) }), now));
    for await (const piece of opened) {
      got.push(piece);
      // Between two reads, as a busy container does.
      await appendFile(log, line(2, "new").repeat(10));
    }
    const want = ["old 2\n", "old 3\n", "old 4\n"].slice(3 - tailLines).join("");
    assert.equal(Buffer.concat(got).toString(), want);
  });
}

test("readLog: without following, a rotated log ends with the old file", async (t) => {
  const log = await logFile(t, line(1, "one"));
  const source = { path: log, running: async () => true, signal: new AbortController().signal };
  const got: string[] = [];
  for await (const piece of await readLog(source, logOptions(new URLSearchParams(), now))) {
    got.push(piece.toString());
    if (got.length > 1) continue;
    await rename(log, `${log}.1`);
    await writeFile(log, line(2, "two"));
  }
  assert.equal(got.join(""), "one\n");
});

test("readLog: following goes on across rotation, and ends with the container", async (t) => {
  const log = await logFile(t, line(1, "one"));
  let running = true;
  const got: string[] = [];
  const source = { path: log, running: async () => running, signal: new AbortController().signal };
  for await (const piece of await readLog(source, logOptions(new URLSearchParams("follow=true"), now))) {
    got.push(piece.toString());
    if (got.length === 1) await appendFile(log, line(2, "two"));
    if (got.length === 2) {
      await rename(log, `${log}.1`);
      await appendFile(`${log}.1`, line(3, "three"));
      await writeFile(log, line(4, "four"));
    }
    if (got.join("").endsWith("four\n")) running = false;
  }
  assert.equal(got.join(""), "one\ntwo\nthree\nfour\n");
});

test("readLog: following ends when the reader goes", async (t) => {
  const log = await logFile(t, line(1, "one"));
  const gone = new AbortController();
  const source = { path: log, running: async () => true, signal: gone.signal };
  const got: string[] = [];
  for await (const piece of await readLog(source, logOptions(new URLSearchParams("follow=true"), now))) {
    got.push(piece.toString());
    gone.abort();
  }
  assert.deepEqual(got, ["one\n"]);
});

test("readLog: a missing file is an error at once", async () => {
  await assert.rejects(read("/nonexistent/0.log", ""), /ENOENT/);
});

const refused: { query: string; want: number }[] = [
  { query: "tailLines=-1", want: 422 },
  { query: "limitBytes=0", want: 422 },
  { query: "sinceSeconds=5&sinceTime=2026-01-01T00:00:03Z", want: 422 },
  { query: "stream=Both", want: 422 },
  { query: "tailLines=many", want: 400 },
  { query: "sinceTime=yesterday", want: 400 },
];
for (const { query, want } of refused) {
  test(`logOptions: ${query} is refused with ${want}`, () => {
    assert.throws(() => logOptions(new URLSearchParams(query), now), { name: "Refusal", status: want });
  });
}

async function logFile(t: TestContext, text: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "0.log");
  await writeFile(file, text);
  return file;
}

async function read(log: string, query: string): Promise<string> {
  const source = { path: log, running: async () => false, signal: new AbortController().signal };
  const pieces: Buffer[] = [];
  for await (const piece of await readLog(source, logOptions(new URLSearchParams(query), now))) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
