import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { nodeLogs } from "./node-logs.ts";

let base: string;
let folder: string;

before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "node-logs-"));
  folder = path.join(base, "log");
  await mkdir(path.join(folder, "pods/web"), { recursive: true });
  await writeFile(path.join(base, "secret"), "secret");
  await writeFile(path.join(folder, "pods/web/0.log"), "line\n");
  await writeFile(path.join(folder, "a b?.log"), "");
  await writeFile(path.join(folder, "page.html"), "<script>");
  await writeFile(path.join(folder, "journal"), Buffer.from([0x4c, 0, 1]));
  await symlink("pods/web/0.log", path.join(folder, "inside.log"));
  await symlink("../secret", path.join(folder, "outside.log"));
  await symlink(base, path.join(folder, "up"));
  await symlink("loop", path.join(folder, "loop"));
  await promisify(execFile)("mkfifo", [path.join(folder, "pipe")]);
});

after(() => rm(base, { recursive: true }));

const rows: { asked: string; want: string }[] = [
  { asked: "/pods/web/0.log", want: "200 text/plain; charset=utf-8 line\n" },
  { asked: "/inside.log", want: "200 text/plain; charset=utf-8 line\n" },
  { asked: "/a b?.log", want: "200 text/plain; charset=utf-8 " },
  { asked: "/page.html", want: "200 text/plain; charset=utf-8 <script>" },
  { asked: "/journal", want: "200 application/octet-stream L\0\u0001" },
  { asked: "/pods", want: "301 text/plain; charset=utf-8 to pods/" },
  { asked: "", want: "301 text/plain; charset=utf-8 to logs/" },
  { asked: "/pods/web/0.log/", want: "301 text/plain; charset=utf-8 to ../0.log" },
  { asked: "/missing", want: "404 page not found" },
  { asked: "/../secret", want: "400 invalid URL path" },
  { asked: "/pods/../../secret", want: "400 invalid URL path" },
  { asked: "/pods/..", want: "400 invalid URL path" },
  { asked: "/x\0", want: "400 invalid URL path" },
  { asked: "/outside.log", want: "403 Forbidden" },
  { asked: "/up/secret", want: "403 Forbidden" },
  { asked: "/up/", want: "403 Forbidden" },
  { asked: "/loop", want: "403 Forbidden" },
  { asked: "/pipe", want: "403 Forbidden" },
];

for (const { asked, want } of rows) {
  test(`nodeLogs: ${JSON.stringify(asked)} is ${JSON.stringify(want)}`, async () => {
    assert.equal(await answerTo(asked), want);
  });
}

test("nodeLogs: a folder is a list of links, folders with a slash", async () => {
  const list = await answerTo("/");
  assert.match(list, /^200 text\/html; charset=utf-8 <!doctype html>/);
  const links = [...list.matchAll(/<a href="(.*)">(.*)<\/a>/g)].map(([, href, text]) => `${href} ${text}`);
  assert.ok(links.includes("pods/ pods/"));
  assert.ok(links.includes("a%20b%3F.log a b?.log"));
});

async function answerTo(asked: string): Promise<string> {
  try {
    const { status = 200, contentType, headers = {}, pieces } = await nodeLogs(folder, asked);
    const body: Uint8Array[] = [];
    for await (const piece of pieces) body.push(piece);
    const location = headers.Location === undefined ? "" : `to ${headers.Location}`;
    return `${status} ${contentType} ${location}${Buffer.concat(body)}`;
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return message.startsWith(String(status)) ? message : `${status} ${message}`;
  }
}
