import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { prepareHasExpired } from "./has-expired.ts";
import { prepareSchema } from "./schema.ts";

test("a key has expired from its time on, until it is deleted", () => {
  const db = new DatabaseSync(":memory:");
  prepareSchema(db);
  const hasExpired = prepareHasExpired(db);
  const insert = db.prepare("INSERT INTO log (id, key, create_revision, version, expires_ms) VALUES (?, ?, 2, 1, ?)");
  insert.run(2_000, "/kept", null);
  assert.equal(hasExpired(Number.MAX_SAFE_INTEGER), false);
  insert.run(2_001, "/events/one", 5_000);
  assert.deepEqual([hasExpired(4_999), hasExpired(5_000)], [false, true]);
  db.exec("UPDATE log SET until = 3 WHERE key = '/events/one'");
  assert.equal(hasExpired(5_000), false);
  const [step] = db
    .prepare(
      "EXPLAIN QUERY PLAN SELECT 1 FROM log WHERE until IS NULL AND expires_ms IS NOT NULL AND expires_ms <= 1 LIMIT 1",
    )
    .all();
  assert.match(String(step?.detail), /USING .*INDEX expiring/);
});
