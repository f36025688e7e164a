import assert from "node:assert/strict";
import { test } from "node:test";
import { allocatorEnvironment, forgetAllocator, JEMALLOC } from "./allocator.ts";

const FAKE_CLOCK = "/usr/lib/libfaketime.so.1";

for (const preloaded of [undefined, "", FAKE_CLOCK]) {
  test(`a program that is started with ${JSON.stringify(preloaded)} preloaded starts others with just that`, () => {
    const env: NodeJS.ProcessEnv = { HOME: "/root", ...allocatorEnvironment(preloaded) };
    assert.equal(env.LD_PRELOAD?.split(":")[0], JEMALLOC);
    forgetAllocator(env);
    assert.deepEqual(env, { HOME: "/root", ...(preloaded && { LD_PRELOAD: preloaded }) });
  });
}

test("settings of another allocator are left alone", () => {
  const env = { LD_PRELOAD: "/opt/libjemalloc.so", MALLOC_CONF: "narenas:1" };
  forgetAllocator(env);
  assert.deepEqual(env, { LD_PRELOAD: "/opt/libjemalloc.so", MALLOC_CONF: "narenas:1" });
});
