import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeApi } from "@fairlead/client/fake-api.testing";
import { createClient } from "@fairlead/client/rest/rest-client";
import type { Clock } from "@fairlead/lib/clock";
import { createPasswords } from "./passwords.ts";

const never = new AbortController().signal;

/** Passwords of Secrets in an API, at a time that the test sets. */
function started() {
  const api = createFakeApi();
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs } as Clock;
  const put = (name: string, password: string | undefined, type = "kubernetes.io/basic-auth") => {
    const data = password === undefined ? {} : { password: Buffer.from(password).toString("base64") };
    api.put(`/api/v1/namespaces/metallb-system/secrets/${name}`, { type, data });
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { passwords: createPasswords(createClient(api), clock), put, pass };
}

test("a password is read out of its Secret, and read again after half a minute", async () => {
  const { passwords, put, pass } = started();
  put("a", "first");
  await passwords.read(["a"], never);
  assert.deepEqual(passwords.of("a"), { password: "first" });
  put("a", "second");
  pass(29_999);
  await passwords.read(["a"], never);
  assert.deepEqual(passwords.of("a"), { password: "first" });
  pass(1);
  await passwords.read(["a"], never);
  assert.deepEqual(passwords.of("a"), { password: "second" });
});

test("what is wrong with a Secret takes the place of its password", async () => {
  const { passwords, put } = started();
  put("opaque", "x", "Opaque");
  put("empty", undefined);
  await passwords.read(["opaque", "empty", "gone"], never);
  const problems = ["opaque", "empty", "gone", "unread"].map(passwords.of);
  assert.deepEqual(problems, [
    { problem: 'secret type mismatch on "metallb-system"/"opaque", type "kubernetes.io/basic-auth" is expected' },
    { problem: 'password not specified in the secret "metallb-system"/"empty"' },
    { problem: 'secret ref not found: "metallb-system"/"gone"' },
    { problem: 'the Secret "unread" was not read yet' },
  ]);
});

test("a Secret that no peer names any more is forgotten", async () => {
  const { passwords, put } = started();
  put("a", "first");
  await passwords.read(["a"], never);
  await passwords.read([], never);
  assert.deepEqual(passwords.of("a"), { problem: 'the Secret "a" was not read yet' });
});
