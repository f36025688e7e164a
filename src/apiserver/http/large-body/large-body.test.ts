import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { anyStruct } from "@fairlead/api/any-object.testing";
import { decodeObject } from "@fairlead/api/codec/decode-object";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Kind } from "@fairlead/api/kind";
import type { Struct } from "@fairlead/api/schema";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { createLogger } from "@fairlead/lib/log";
import fc from "fast-check";
import { startTestApiServer, testAdmin } from "../../testing/start-test-server.testing.ts";
import { BODY_MAX_BYTES } from "../body.ts";
import { loadYamlParser } from "../parse-yaml.ts";
import type { BodyFormat } from "./parse-messages.ts";
import { createParseThread } from "./parse-thread.ts";
import { thin } from "./thin.ts";

const program = new URL("./parse-worker.ts", import.meta.url);

/** Time that stands still, but for what a test lets pass. */
function stoppedClock() {
  const sleepers: (() => void)[] = [];
  return {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: () => new Promise<void>((resolve) => sleepers.push(resolve)),
    wakeAll() {
      for (const wake of sleepers) wake();
    },
    get asleep() {
      return sleepers.length;
    },
  };
}

function threadOf(t: TestContext, clock = stoppedClock()) {
  const thread = createParseThread({ program, clock });
  t.after(() => thread.stop());
  return thread;
}

const bytes = (body: string) => new TextEncoder().encode(body);
const body = (format: BodyFormat, content: string, schema?: Struct) => ({
  format,
  bytes: bytes(content),
  schema,
  user: "ann",
});

test("the thread parses JSON and YAML, one after the other", async (t) => {
  const thread = threadOf(t);
  const [json, yaml] = await Promise.all([
    thread.parse(body("json", '{"data":{"__proto__":"x"},"data":{"a":"b"},"junk":{"a":1}}', configMapKind.schema)),
    thread.parse(body("yaml", "data: {a: b}\njunk: {a: 1}")),
  ]);
  assert.deepEqual(json, { value: { data: { a: "b" }, junk: null }, duplicates: ["data"] });
  assert.deepEqual(yaml, { value: { data: { a: "b" }, junk: { a: 1 } }, duplicates: [] });
  await assert.rejects(thread.parse(body("json", "{")), SyntaxError);
  assert.deepEqual((await thread.parse(body("json", "[1]", configMapKind.schema))).value, []);
});

test("a body that takes too long is given up, and the next one is parsed", async (t) => {
  const clock = stoppedClock();
  const thread = threadOf(t, clock);
  const slow = thread.parse(body("yaml", `[${"x,".repeat(500_000)}]`));
  while (clock.asleep === 0) await new Promise(setImmediate);
  clock.wakeAll();
  await assert.rejects(slow, { name: "StatusError", reason: "Timeout" });
  assert.deepEqual((await thread.parse(body("yaml", "a: 1"))).value, { a: 1 });
});

for (const kind of [configMapKind, podKind] as readonly Kind[]) {
  test(`${kind.kind}: what is thinned is decoded as the original is`, () => {
    const junk = fc.dictionary(
      fc.constantFrom("__proto__", "spec", "metadata", "data", "toString", "x"),
      fc.jsonValue(),
      {
        noNullPrototype: true,
      },
    );
    const check = (object: Record<string, unknown>, more: Record<string, unknown>) => {
      for (const json of [
        { ...object, ...more },
        { ...more, ...object },
      ]) {
        const decode = (value: unknown) => decodeObject(kind, value, { fieldValidation: "Warn" });
        const [want, got] = [decode(json), decode(thin(kind.schema, json))];
        assert.deepEqual(got.error?.message, want.error?.message);
        if (want.error === undefined) assert.deepEqual(got, want);
      }
    };
    fc.assert(fc.property(anyStruct(kind.schema), junk, check), { numRuns: 300 });
  });
}

test("a body whose client goes while it is parsed frees the thread", { timeout: 10_000 }, async (t) => {
  const thread = threadOf(t);
  const gone = new AbortController();
  const slow = thread.parse({ ...body("yaml", `[${"x,".repeat(1_500_000)}]`), signal: gone.signal });
  const next = thread.parse(body("yaml", "a: 1"));
  await settle();
  gone.abort(new Error("gone"));
  await assert.rejects(slow, /gone/);
  assert.deepEqual((await next).value, { a: 1 });
});

const bodies: readonly {
  readonly name: string;
  readonly type: string;
  readonly body: string;
  readonly want: RegExp;
}[] = [
  {
    name: "JSON with unknown keys",
    type: "application/json",
    body: `{"metadata":{"name":"a"},${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}}`,
    want: /^201 .*"name":"a"/,
  },
  {
    name: "YAML with unknown keys",
    type: "application/yaml",
    body: `metadata: {name: b}\n${Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join("\n")}`,
    want: /^201 .*"name":"b"/,
  },
  { name: "open lists", type: "application/json", body: "[".repeat(1_000_000), want: /^400 .*exceeded max depth/ },
  { name: "open lists in YAML", type: "application/yaml", body: "[".repeat(20_000), want: /^400 .*yaml: / },
  {
    name: "aliases of aliases",
    type: "application/yaml",
    body: `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((c, i) => `${c}: &${c} [${`*${"abcdefgh"[i]},`.repeat(9)}]`).join("\n")}`,
    want: /^400 .*excessive aliasing/,
  },
];

for (const { name, type, body, want } of bodies) {
  test(`a body of ${name} is answered, and the server goes on meanwhile`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const request = {
      method: "POST",
      path: "/api/v1/namespaces/default/configmaps",
      headers: { "content-type": type },
    } as const;
    let turns = 0;
    let isDone = false;
    const answering = api.server
      .handle(request, testAdmin, async () => bytes(body))
      .finally(() => {
        isDone = true;
      });
    while (!isDone) {
      await new Promise(setImmediate);
      turns++;
    }
    const response = await answering;
    assert.match(`${response.status} ${await text(response.body)}`, want);
    assert.ok(turns > 100, `the server had ${turns} turns for others`);
  });
}

const large = new Uint8Array(BODY_MAX_BYTES).fill(0x20);

/** A server whose thread parses a slow body, and what others who send YAML meanwhile are answered. */
async function busyServer(t: TestContext) {
  const logged: string[] = [];
  const clock = createFakeClock();
  const api = await startTestApiServer({ log: createLogger((line) => logged.push(line)), clock });
  t.after(() => api.stop());
  const send = async (user: string, bodyBytes: Uint8Array, signal?: AbortSignal): Promise<string> => {
    const request = {
      method: "POST",
      path: `/api/v1/namespaces/default/configmaps?timeout=${user === "slow" ? 50 : 5}s`,
      headers: { "content-type": "application/yaml" },
      ...(signal !== undefined && { signal }),
    };
    const response = await api.server.handle(request, { ...testAdmin, name: user }, async () => bodyBytes);
    const { reason } = JSON.parse(await text(response.body));
    return [response.status, reason, response.headers["retry-after"]].join(" ");
  };
  await loadYamlParser();
  const slow = send("slow", bytes(`[${"x,".repeat(1_000_000)}]`));
  await settle();
  return { api, clock, send, slow, logged };
}

test("a body whose client goes leaves the queue", async (t) => {
  const { api, send, slow } = await busyServer(t);
  const gone = new AbortController();
  const waiting = send("ann", bytes(`data: {a: ${"x".repeat(3_000)}}`), gone.signal);
  await settle();
  gone.abort(new Error("gone"));
  await assert.rejects(Promise.race([waiting, slow]), /gone/);
  await api.stop();
  await slow;
});

test("a body whose request has timed out leaves the queue", async (t) => {
  const { api, clock, send, slow } = await busyServer(t);
  const late = Array.from({ length: 5 }, () => send("ann", large));
  await clock.advance(7_000);
  assert.deepEqual(await Promise.all(late), Array(5).fill("504 Timeout "));
  const next = send("ann", large);
  await settle();
  await api.stop();
  assert.equal(await next, "503 ServiceUnavailable 1");
  await slow;
});

test("bodies beyond the limit of their user are refused, and others wait", async (t) => {
  const { api, send, slow, logged } = await busyServer(t);
  const waiting = ["ann", "ann", "ann", "ann", "ann", "ann", "bob"].map((user) => send(user, large));
  await settle();
  await api.stop();
  const stopped = "503 ServiceUnavailable 1";
  assert.deepEqual(await Promise.all([slow, ...waiting]), [
    stopped,
    ...[stopped, stopped, stopped, stopped, stopped],
    "429 TooManyRequests 1",
    stopped,
  ]);
  assert.equal(await send("ann", large), stopped);
  assert.deepEqual(logged, []);
});
