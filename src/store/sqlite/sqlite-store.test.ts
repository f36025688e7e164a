import path from "node:path";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { runStoreTests } from "../store.testing.ts";
import { openSqliteStore } from "./sqlite-store.ts";

runStoreTests("sqlite store", async (t, clock) => {
  const folder = await temporaryFolder(t);
  return openSqliteStore({ file: path.join(folder, "store.db"), ...(clock && { clock }) });
});
