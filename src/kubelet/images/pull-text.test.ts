import assert from "node:assert/strict";
import { test } from "node:test";
import { durationText, pullFailure, togetherText } from "./pull-text.ts";

for (const [durationMs, want] of [
  [0, "0s"],
  [0.4, "0s"],
  [416, "416ms"],
  [1000, "1s"],
  [1206, "1.206s"],
  [60_000, "1m0s"],
  [123_500, "2m3.5s"],
  [3_601_000, "1h0m1s"],
] as const) {
  test(`durationText: ${durationMs} ms`, () => assert.equal(durationText(durationMs), want));
}

for (const { message, reason, want } of [
  { message: "not found", reason: "ErrImagePull", want: "not found" },
  {
    message: "RegistryUnavailable",
    reason: "RegistryUnavailable",
    want: "image pull failed for app:1 because the registry is unavailable",
  },
  {
    message: "SignatureValidationFailed: no key",
    reason: "SignatureValidationFailed",
    want: "image pull failed for app:1 because the signature validation failed: no key",
  },
]) {
  test(`pullFailure: ${message}`, () => assert.deepEqual(pullFailure("app:1", message), { reason, message: want }));
}

for (const [messages, want] of [
  [["a"], "a"],
  [["a", "a"], "a"],
  [["a", "b", "a"], "[a, b]"],
] as const) {
  test(`togetherText: ${messages.join()}`, () => assert.equal(togetherText(messages), want));
}
