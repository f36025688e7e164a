import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runStoreTests } from "../store.testing.ts";
import { openSqliteStore } from "./sqlite-store.ts";

runStoreTests("sqlite store", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "store-"));
  t.after(() => rm(folder, { recursive: true }));
  return openSqliteStore({ file: path.join(folder, "store.db") });
});
