import { openSqliteStore } from "./sqlite-store.ts";

// Started by conversion-crash.test.ts, and killed at a moment it does not know: opens a store, says so, and waits.

const [file = ""] = process.argv.slice(2);
await openSqliteStore({ file });
process.stdout.write("opened\n");
