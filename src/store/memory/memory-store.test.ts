import { runStoreTests } from "../store.testing.ts";
import { createMemoryStore } from "./memory-store.ts";

runStoreTests("memory store", async (_, clock) => createMemoryStore(clock && { clock }));
