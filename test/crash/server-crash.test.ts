/** A short run of what `test/lab/server-crash.test.ts` does at length. */
import { test } from "node:test";
import { killServer, WRITERS } from "./killed-server.testing.ts";

const KILLS = 12;

test(`an API server killed ${KILLS} times under ${WRITERS} writers keeps every acknowledged write`, async (t) => {
  await killServer(t, KILLS);
});
