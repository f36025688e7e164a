import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { systemClock } from "@fairlead/lib/clock";
import { freePort } from "@fairlead/lib/free-port.testing";
import { serverAccepts } from "./server-accepts.ts";

test("it is waited until the server accepts", async (t) => {
  const port = await freePort();
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  const clock = {
    ...systemClock,
    async sleep() {
      if (++looks === 3) looked.resolve();
      await systemClock.sleep(1);
    },
  };
  const accepts = serverAccepts(`https://127.0.0.1:${port}`, { clock, maxMs: 60_000 });
  await looked.promise;
  const server = createServer().listen(port, "127.0.0.1");
  t.after(() => server.close());
  const [connected] = await once(server, "connection");
  connected.resume();
  await accepts;
});

test("a server that does not come is waited for no longer than told", async () => {
  let nowMs = 0;
  const clock = {
    ...systemClock,
    monotonicMs: () => nowMs,
    async sleep(ms: number) {
      nowMs += ms;
    },
  };
  await serverAccepts(`https://127.0.0.1:${await freePort()}`, { clock, maxMs: 500 });
  assert.equal(nowMs, 500);
});
