import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { chooseLog, programLogs } from "./program-logs.ts";
import { stateFolder } from "./state-folder.ts";

test("logs have their programs' names, rotated ones are left out", async (t) => {
  const home = await temporaryFolder(t);
  const folder = stateFolder("shop", { state: home, run: home, scope: "" });
  assert.deepEqual(await programLogs(folder), []);
  await mkdir(folder.logs, { recursive: true });
  for (const file of ["shop-1-server.log", "shop-1-server.log.1", "shop-12-dns.log", "supervisor.log", "uplink.log"]) {
    await writeFile(path.join(folder.logs, file), "");
  }
  assert.deepEqual(await programLogs(folder), [
    { program: "shop-1/server", file: path.join(folder.logs, "shop-1-server.log") },
    { program: "shop-12/dns", file: path.join(folder.logs, "shop-12-dns.log") },
    { program: "supervisor", file: path.join(folder.logs, "supervisor.log") },
    { program: "uplink", file: path.join(folder.logs, "uplink.log") },
  ]);
});

const logs = ["shop-1/node", "shop-1/server", "shop-2/node", "supervisor"].map((program) => ({ program, file: "" }));
const choices: { wanted: string; want: string | RegExp }[] = [
  { wanted: "shop-1/server", want: "shop-1/server" },
  { wanted: "shop-1-server", want: "shop-1/server" },
  { wanted: "supervisor", want: "supervisor" },
  { wanted: "server", want: "shop-1/server" },
  { wanted: "node", want: /^Cannot tell which program "node" is: there is shop-1\/node, shop-2\/node$/ },
  { wanted: "serv", want: /^Cannot find the program "serv": there is shop-1\/node, .*, supervisor$/ },
  { wanted: "", want: /^Cannot find the program ""/ },
];
for (const { wanted, want } of choices) {
  test(`"${wanted}" is ${want}`, () => {
    if (typeof want === "string") assert.equal(chooseLog(logs, wanted).program, want);
    else assert.throws(() => chooseLog(logs, wanted), { name: "ExpectedError", message: want });
  });
}

test("before there is a log, the message says so", () => {
  assert.throws(() => chooseLog([], "server"), { message: 'Cannot find the program "server": there is no log yet' });
});
