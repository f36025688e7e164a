import assert from "node:assert/strict";
import { test } from "node:test";
import { ImagePullError } from "../runtime/runtime-error.ts";
import { imageAccesses } from "./image-accesses.ts";
import { createNodePulls } from "./node-pulls.ts";

const wanted = (name: string) => ({ name, repository: name });

test("one pull at a time, in the order in which they were asked for; a failure does not stop the others", async () => {
  const log: string[] = [];
  let now = 0;
  const pulls = createNodePulls({
    clock: { now: () => now, sleep: async () => {} },
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
      pulls.pull(wanted(name), []).then(
        ({ durationMs }) => `${name} took ${durationMs}`,
        (error: Error) => error.message,
      ),
    ),
  );
  assert.deepEqual(outcomes, ["a took 10", "no b", "c took 10"]);
  assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
