import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { ImagePullError } from "../runtime/runtime-error.ts";
import { imageAccesses } from "./image-accesses.ts";
import { createNodePulls, type NodePullsOptions } from "./node-pulls.ts";

const wanted = (name: string) => ({ name, repository: name });

test("one pull at a time, in the order in which they were asked for; a failure does not stop the others", async () => {
  const log: string[] = [];
  let now = 0;
  const pulls = createNodePulls({
    clock: { now: () => now, monotonicMs: () => now, sleep: async () => {} },
    accesses: imageAccesses(undefined, { listImages: async () => [] }),
    runtime: {
      imageStatus: async (id) => ({ id, tags: [], digests: [], sizeBytes: 1, uid: 0, username: "" }),
      async pullImage(name) {
        log.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        now += 10;
        log.push(`${name} ends`);
        if (name === "b") throw new ImagePullError("no b");
        return name;
      },
    },
  });
  const outcomes = await Promise.all(
    ["a", "b", "c"].map((name) =>
      pulls.pull(wanted(name), [], new AbortController().signal).then(
        ({ durationMs }) => `${name} took ${durationMs}`,
        (error: Error) => error.message,
      ),
    ),
  );
  assert.deepEqual(outcomes, ["a took 10", "no b", "c took 10"]);
  assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("a pull that nobody wants any more is given up, and the next one begins", async () => {
  const log: string[] = [];
  const ended = new AbortController();
  const runtime: NodePullsOptions["runtime"] = {
    imageStatus: async (id) => ({ id, tags: [], digests: [], sizeBytes: 1, uid: 0, username: "" }),
    pullImage(name, _, signal) {
      log.push(name);
      if (name !== "hangs") return Promise.resolve(name);
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new ImagePullError("given up")), { once: true });
        ended.abort();
      });
    },
  };
  const accesses = imageAccesses(undefined, { listImages: async () => [] });
  const pulls = createNodePulls({
    clock: { now: () => 0, monotonicMs: () => 0, sleep: async () => {} },
    accesses,
    runtime,
  });
  const hanging = pulls.pull(wanted("hangs"), [], ended.signal);
  const waiting = pulls.pull(wanted("of the same pod"), [], ended.signal);
  const next = pulls.pull(wanted("next"), [], new AbortController().signal);
  await assert.rejects(hanging, { message: "given up" });
  await assert.rejects(waiting, { name: "AbortError" });
  await next;
  assert.deepEqual(log, ["hangs", "next"]);
  assert.equal(await accesses.mustAsk(wanted("hangs"), "sha256:1", []), false, "no pull of it is under way");
});

test("an image whose puller could not be recorded is not open to all pods after a restart", async (t) => {
  const folder = await temporaryFolder(t);
  const image = { id: "sha256:1", tags: ["a"], digests: [], sizeBytes: 1, uid: 0, username: "" };
  const runtime = { imageStatus: async () => image, pullImage: async () => "a", listImages: async () => [image] };
  const accesses = imageAccesses(folder, runtime);
  const pulls = createNodePulls({
    clock: { now: () => 0, monotonicMs: () => 0, sleep: async () => {} },
    accesses,
    runtime,
  });
  await writeFile(path.join(folder, "pulled"), "not a folder");
  const secret = { uid: "1", namespace: "default", name: "pull", credentialHash: "x" };
  const credential = { auth: { username: "me", password: "right" }, secret };
  await assert.rejects(pulls.pull(wanted("a"), [credential], new AbortController().signal), { code: "EEXIST" });

  await rm(path.join(folder, "pulled"));
  const next = imageAccesses(folder, runtime);
  assert.equal(await next.mustAsk(wanted("a"), image.id, []), true);
});
