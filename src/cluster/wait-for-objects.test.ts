import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import type { Client } from "@fairlead/client/client";
import type { FindObject, ObjectWait } from "./wait-for-objects.ts";
import { waitForObjects } from "./wait-for-objects.ts";

const key = { namespace: "default", name: "answer" };
const scopes = [
  { kind: configMapKind, namespace: "default" },
  { kind: configMapKind, namespace: "default" },
  { kind: secretKind, namespace: "default" },
];

async function startServer(t: TestContext): Promise<Client> {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  return api.client();
}

/** Waits for the ConfigMap to say 42, and counts the looks. */
function waitForAnswer(client: Client, more: Partial<ObjectWait> = {}) {
  const looks: string[] = [];
  const problem = (find: FindObject) => {
    const found = find(configMapKind, key) as ConfigMap | undefined;
    const text = found === undefined ? "no answer" : `the answer is ${found.data?.text}`;
    looks.push(text);
    return text === "the answer is 42" ? undefined : text;
  };
  const signal = new AbortController().signal;
  return { looks, over: waitForObjects({ client, what: "an answer", scopes, problem, signal, ...more }) };
}

function write(client: Client, text: string) {
  return client.patch(configMapKind, key, "apply", { ...header, data: { text } }, { fieldManager: "test" });
}
const header = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: key.name } };

test("objects that exist already end the wait at once", async (t) => {
  const client = await startServer(t);
  await write(client, "42");
  const { over, looks } = waitForAnswer(client);
  await over;
  assert.deepEqual(looks, ["the answer is 42"]);
});

test("each change is looked at, one after another", async (t) => {
  const client = await startServer(t);
  const { over, looks } = waitForAnswer(client);
  for (const text of ["41", "42"]) {
    await write(client, text);
  }
  await over;
  assert.equal(looks.at(-1), "the answer is 42");
  assert.ok(looks.length <= 3, looks.join());
});

test("a wait that is aborted says what it lacked", async (t) => {
  const client = await startServer(t);
  const over = new AbortController();
  const waiting = waitForAnswer(client, { signal: over.signal, explain: async () => "there is no one who knows" });
  const failed = assert.rejects(waiting.over, {
    message: "Timed out waiting for an answer: there is no one who knows",
  });
  over.abort();
  await failed;
});

test("what a look throws ends the wait", async (t) => {
  const client = await startServer(t);
  const problem = () => {
    throw new Error("nothing to ask");
  };
  await assert.rejects(waitForAnswer(client, { problem }).over, /nothing to ask/);
});
