import assert from "node:assert/strict";
import { test } from "node:test";
import { createRouteWriter } from "./ip-routes.ts";
import type { Route } from "./routes.ts";

test("routes are written again when they or the routing tables have changed, and after a failure", async () => {
  let table = "empty";
  let fails = false;
  const written: string[] = [];
  const writer = createRouteWriter(
    async () => table,
    async (family, wanted) => {
      if (fails) throw new Error("refused");
      written.push(`${family} ${wanted.map(({ destination }) => destination)}`);
      table = "ours";
      return wanted.length;
    },
  );
  const route: Route = { destination: "10.244.1.0/24" };
  assert.equal(await writer.apply("ip", [route]), 1);
  assert.equal(await writer.apply("ip", [route]), 0);
  await writer.apply("ip6", [route]);
  await writer.apply("ip", []);
  table = "flushed";
  fails = true;
  await assert.rejects(writer.apply("ip", []), /refused/);
  fails = false;
  await writer.apply("ip", []);
  await writer.apply("ip", []);
  assert.deepEqual(written, ["ip 10.244.1.0/24", "ip6 10.244.1.0/24", "ip ", "ip "]);
});
