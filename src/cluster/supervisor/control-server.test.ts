import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { Supervised } from "./control-server.ts";
import { askSupervisor, reloadSupervisor, startControlServer } from "./control-server.ts";

async function serve(t: TestContext, reload: Supervised["reload"] = async () => {}) {
  const socket = path.join(await temporaryFolder(t), "supervisor.sock");
  const server = await startControlServer(socket, {
    status: () => ({ name: "shop", pid: 1, machines: [], programs: [] }),
    reload,
  });
  t.after(() => server.stop());
  return { socket, server };
}

test("a running supervisor says what it keeps", async (t) => {
  const { socket } = await serve(t);
  assert.deepEqual(await askSupervisor(socket), { name: "shop", pid: 1, machines: [], programs: [] });
});

test("a reload is over when the description is followed", async (t) => {
  let reloads = 0;
  const { socket } = await serve(t, async () => {
    reloads++;
  });
  assert.equal((await reloadSupervisor(socket))?.name, "shop");
  assert.equal(reloads, 1);
});

test("the reason of a failed reload is in the answer", async (t) => {
  const { socket } = await serve(t, () => Promise.reject(new Error("cluster.json is missing")));
  await assert.rejects(reloadSupervisor(socket), /cluster\.json is missing/);
});

test("no supervisor has no status", async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(await askSupervisor(path.join(folder, "supervisor.sock")), undefined);
});

test("nor has one that was killed and has left its socket", async (t) => {
  const { socket, server } = await serve(t);
  await server.stop();
  assert.equal(await askSupervisor(socket), undefined);
});

test("a new supervisor takes the place of a left-over socket", async (t) => {
  const socket = path.join(await temporaryFolder(t), "supervisor.sock");
  await writeFile(socket, "");
  const server = await startControlServer(socket, {
    status: () => ({ name: "shop", pid: 2, machines: [], programs: [] }),
    reload: async () => {},
  });
  t.after(() => server.stop());
  assert.equal((await askSupervisor(socket))?.pid, 2);
});

test("anything else is not found", async (t) => {
  const { socket } = await serve(t);
  const status = await new Promise((resolve, reject) => {
    request({ socketPath: socket, path: "/other" }, (res) => resolve(res.resume().statusCode))
      .on("error", reject)
      .end();
  });
  assert.equal(status, 404);
});
