/** The API server is killed while writers are busy: no acknowledged write is lost, changed or hidden from watches. */
import { test } from "node:test";
import { killServer, WRITERS } from "../crash/killed-server.testing.ts";

const KILLS = 150;

test(`an API server killed ${KILLS} times under ${WRITERS} writers keeps every acknowledged write`, async (t) => {
  await killServer(t, KILLS);
});
