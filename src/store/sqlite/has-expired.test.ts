import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { EXPIRED, prepareHasExpired } from "./has-expired.ts";
import { prepareSchema } from "./schema.ts";

test("a key has expired from its time on, until it is deleted", () => {
  const db = new DatabaseSync(":memory:");
  prepareSchema(db);
  const hasExpired = prepareHasExpired(db);
  const insert = db.prepare("INSERT INTO log (id, key, create_revision, version, expires_ms) VALUES (?, ?, 2, 1, ?)");
  const setLive = db.prepare("INSERT INTO live VALUES (?, ?)");
  insert.run(2_000, "/kept", null);
  setLive.run("/kept", 2_000);
  assert.equal(hasExpired(Number.MAX_SAFE_INTEGER), false);
  insert.run(2_001, "/events/one", 5_000);
  setLive.run("/events/one", 2_001);
  assert.deepEqual([hasExpired(4_999), hasExpired(5_000)], [false, true]);
  db.exec("UPDATE live SET id = 3000 WHERE key = '/events/one'");
  assert.equal(hasExpired(5_000), false);
  const [first, second] = db.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM ${EXPIRED} LIMIT 1`).all();
  assert.match(String(first?.detail), /USING .*INDEX expiring/);
  assert.match(String(second?.detail), /SEARCH live USING PRIMARY KEY/);
});
