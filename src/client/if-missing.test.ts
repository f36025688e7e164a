import assert from "node:assert/strict";
import { test } from "node:test";
import { isForbidden, StatusError } from "@fairlead/api/status-error";
import { ifMissing } from "./if-missing.ts";

const refused = (reason: "AlreadyExists" | "Forbidden") => Promise.reject(new StatusError(reason, reason));

test("ifMissing: what was created", async () => {
  assert.equal(await ifMissing(Promise.resolve("made")), "made");
});

test("ifMissing: nothing for what is there already", async () => {
  assert.equal(await ifMissing(refused("AlreadyExists")), undefined);
});

test("ifMissing: another refusal rejects", async () => {
  await assert.rejects(ifMissing(refused("Forbidden")), (error) => isForbidden(error));
});
