import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { anyStruct } from "../../../api/any-object.testing.ts";
import { decodeObject } from "../../../api/codec/decode-object.ts";
import { configMapKind } from "../../../api/core/v1/configmap.ts";
import { podKind } from "../../../api/core/v1/pod/pod.ts";
import type { Kind } from "../../../api/kind.ts";
import { startTestApiServer, testAdmin } from "../../testing/start-test-server.testing.ts";
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

test("the thread parses JSON and YAML, one after the other", async (t) => {
  const thread = threadOf(t);
  const [json, yaml] = await Promise.all([
    thread.parse("json", bytes('{"data":{"__proto__":"x"},"data":{"a":"b"},"junk":{"a":1}}'), configMapKind.schema),
    thread.parse("yaml", bytes("data: {a: b}\njunk: {a: 1}"), undefined),
  ]);
  assert.deepEqual(json, { value: { data: { a: "b" }, junk: null }, duplicates: ["data"] });
  assert.deepEqual(yaml, { value: { data: { a: "b" }, junk: { a: 1 } }, duplicates: [] });
  await assert.rejects(thread.parse("json", bytes("{"), undefined), SyntaxError);
  assert.deepEqual((await thread.parse("json", bytes("[1]"), configMapKind.schema)).value, []);
});

test("a body that takes too long is given up, and the next one is parsed", async (t) => {
  const clock = stoppedClock();
  const thread = threadOf(t, clock);
  const slow = thread.parse("yaml", bytes(`[${"x,".repeat(500_000)}]`), undefined);
  while (clock.asleep === 0) await new Promise(setImmediate);
  clock.wakeAll();
  await assert.rejects(slow, { name: "StatusError", reason: "Timeout" });
  assert.deepEqual((await thread.parse("yaml", bytes("a: 1"), undefined)).value, { a: 1 });
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

const large: readonly { readonly name: string; readonly type: string; readonly body: string; readonly want: RegExp }[] =
  [
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

for (const { name, type, body, want } of large) {
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
