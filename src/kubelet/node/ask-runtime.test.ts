import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { askRuntime } from "./ask-runtime.ts";

test("the runtime is asked again after half a minute, and after each failure", async () => {
  const clock = createFakeClock();
  let asked = 0;
  let answers = false;
  const runtime = {
    async version() {
      asked += 1;
      if (!answers) throw new Error("connection refused");
      return { runtimeName: "containerd", runtimeVersion: `1.6.${asked}` };
    },
    listImages: async () => [],
  };
  const ask = askRuntime(runtime, clock);
  assert.equal((await ask()).version, "");
  answers = true;
  assert.deepEqual(await ask(), { version: "containerd://1.6.2", images: [] });
  await clock.advance(29_000);
  assert.equal((await ask()).version, "containerd://1.6.2");
  await clock.advance(1_000);
  assert.equal((await ask()).version, "containerd://1.6.3");
});

test("an answer is kept for as long, whatever the machine's clock is set to", async () => {
  const clock = createFakeClock();
  let asked = 0;
  const version = async () => ({ runtimeName: "containerd", runtimeVersion: `1.6.${++asked}` });
  const ask = askRuntime({ version, listImages: async () => [] }, clock);
  await ask();
  clock.setNow(clock.now() + 3_600_000);
  assert.equal((await ask()).version, "containerd://1.6.1");
  clock.setNow(clock.now() - 7_200_000);
  await clock.advance(30_000);
  assert.equal((await ask()).version, "containerd://1.6.2");
});
