import assert from "node:assert/strict";
import { test } from "node:test";
import { allocatorEnvironment, forgetAllocator, JEMALLOC } from "./allocator.ts";

const FAKE_CLOCK = "/usr/lib/libfaketime.so.1";

for (const preloaded of [undefined, ""]) {
  test(`a program allocates through jemalloc, and starts others without it: LD_PRELOAD ${preloaded}`, () => {
    const env: NodeJS.ProcessEnv = { HOME: "/root", ...allocatorEnvironment(preloaded) };
    assert.equal(env.LD_PRELOAD, JEMALLOC);
    assert.ok(env.MALLOC_CONF !== undefined);
    forgetAllocator(env);
    assert.deepEqual(env, { HOME: "/root" });
  });
}

test("libraries that are preloaded already are left alone", () => {
  const env = { LD_PRELOAD: FAKE_CLOCK, MALLOC_CONF: "narenas:1", ...allocatorEnvironment(FAKE_CLOCK) };
  forgetAllocator(env);
  assert.deepEqual(env, { LD_PRELOAD: FAKE_CLOCK, MALLOC_CONF: "narenas:1" });
});
