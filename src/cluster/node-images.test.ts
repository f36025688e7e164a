import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import { giveImages, loadImage } from "./node-images.ts";

const LIMIT = { timeout: 60_000 };

/** A cluster of these nodes. The runtimes of some of them answer. `loaded` tells what they got. */
async function start(t: TestContext, { described, answering }: { described: string[]; answering: string[] }) {
  const root = await temporaryFolder(t);
  const folder = {
    config: path.join(root, "cluster.json"),
    machine: (name: string) => ({ runtimeSocket: path.join(root, `${name}.sock`) }),
  };
  const describe = (names: readonly string[]) =>
    writeFileAtomically(folder.config, JSON.stringify({ formatVersion: 2, nodes: names.map((name) => ({ name })) }));
  await describe(described);
  for (const name of answering) {
    const server = createServer().listen(folder.machine(name).runtimeSocket);
    await once(server, "listening");
    t.after(() => server.close());
  }
  const loaded: string[] = [];
  return {
    folder,
    describe,
    loaded,
    load: async (socket: string, archive: string) => void loaded.push(`${path.basename(socket, ".sock")} ${archive}`),
  };
}

const nodes = [{ name: "a" }, { name: "b" }];
const archives = ["one.tar", "two.tar"];

test("every node gets every image", LIMIT, async (t) => {
  const { folder, load, loaded } = await start(t, { described: ["a", "b"], answering: ["a", "b"] });
  await giveImages({ folder, nodes, archives, signal: t.signal, load });
  assert.deepEqual(loaded.toSorted(), ["a one.tar", "a two.tar", "b one.tar", "b two.tar"]);
});

test("a node that has the images already gets none", LIMIT, async (t) => {
  const { folder, load, loaded } = await start(t, { described: ["a", "b"], answering: ["a", "b"] });
  const has = async (name: string) => name === "a";
  await giveImages({ folder, nodes, archives, has, signal: t.signal, load });
  assert.deepEqual(loaded, ["b one.tar", "b two.tar"]);
});

test("the runtime of a node that was taken away is not waited for", LIMIT, async (t) => {
  const { folder, load, loaded, describe } = await start(t, { described: ["a", "b"], answering: ["a"] });
  const given = giveImages({ folder, nodes, archives, signal: t.signal, load });
  await describe(["a"]);
  await given;
  assert.deepEqual(loaded, ["a one.tar", "a two.tar"]);
});

test("images that cannot be loaded are an error, but for a node that was taken away meanwhile", LIMIT, async (t) => {
  const { folder, describe } = await start(t, { described: ["a"], answering: ["a"] });
  const load = () => Promise.reject(new Error("no room"));
  const options = { folder, nodes: nodes.slice(0, 1), archives, signal: t.signal };
  await assert.rejects(giveImages({ ...options, load }), { message: "no room" });
  await giveImages({ ...options, load: () => describe([]).then(load) });
});

test("an image that another process loads at the same time is loaded", LIMIT, async (t) => {
  const folder = await temporaryFolder(t);
  const script = [
    "#!/bin/sh",
    `echo "$*" >> ${folder}/asked`,
    `[ "$(wc -l < ${folder}/asked)" -gt 1 ] && exit 0`,
    "echo 'ctr: image \"tools:1\": already exists' >&2",
    "exit 1",
  ];
  await writeFile(path.join(folder, "ctr"), script.join("\n"), { mode: 0o755 });
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = `${folder}:${PATH}`;
  await loadImage("a.sock", "tools.tar");
});
