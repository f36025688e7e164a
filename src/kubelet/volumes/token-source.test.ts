import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "@fairlead/client/client";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { testPod } from "../testing/pods.testing.ts";
import { createTokenSource } from "./token-source.ts";

const HOUR_MS = 3_600_000;
const projection = { path: "token", expirationSeconds: 3_600 };

test("a token is asked for once, and again when four fifths of its life are over", async () => {
  let now = 0;
  const asked: unknown[] = [];
  const raw = async (method: string, path: string, body: { readonly spec: object }) => {
    asked.push([method, path, body]);
    // The server's clock is an hour behind.
    const expirationTimestamp = new Date(now).toISOString();
    return { spec: body.spec, status: { token: `token-${asked.length}`, expirationTimestamp } };
  };
  const source = createTokenSource({
    client: { raw } as unknown as Client,
    clock: { now: () => now, monotonicMs: () => now, sleep: async () => {} },
  });
  const pod = testPod();
  assert.equal(await source.token(pod, projection), "token-1");
  now = 0.79 * HOUR_MS;
  assert.equal(await source.token(pod, projection), "token-1");
  assert.equal(Math.round(source.renewInMs("uid-1") ?? Number.NaN), 0.01 * HOUR_MS);
  now = 0.81 * HOUR_MS;
  assert.equal(await source.token(pod, projection), "token-2");
  assert.deepEqual(asked[0], [
    "POST",
    "/api/v1/namespaces/shop/serviceaccounts/default/token",
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: [],
        expirationSeconds: 3_600,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web", uid: "uid-1" },
      },
    },
  ]);

  source.forget("uid-1");
  assert.equal(source.renewInMs("uid-1"), undefined);
});

test("several tokens of a pod are asked for at once, and the first to run out is renewed", async () => {
  const raw = async (_method: string, _path: string, { spec }: { spec: { expirationSeconds: number } }) => {
    const expirationTimestamp = new Date(spec.expirationSeconds * 1_000).toISOString();
    return { spec, status: { token: `of ${spec.expirationSeconds} s`, expirationTimestamp } };
  };
  const source = createTokenSource({
    client: { raw } as unknown as Client,
    clock: { now: () => 0, monotonicMs: () => 0, sleep: async () => {} },
  });
  const pod = testPod();
  const lives = [600, 3_600];
  const tokens = await Promise.all(
    lives.map((expirationSeconds) => source.token(pod, { ...projection, expirationSeconds })),
  );
  assert.deepEqual(tokens, ["of 600 s", "of 3600 s"]);
  assert.equal(source.renewInMs("uid-1"), 480_000);
});

for (const { what, byMs, passMs, want } of [
  { what: "the machine has slept until the token has run out", byMs: 2 * HOUR_MS, passMs: 0, want: "token-2" },
  { what: "the machine has slept for a while", byMs: 0.5 * HOUR_MS, passMs: 0.2 * HOUR_MS, want: "token-1" },
  { what: "the machine's clock has been set back", byMs: -5 * HOUR_MS, passMs: 0.81 * HOUR_MS, want: "token-2" },
  { what: "the machine's clock has been set back for a while", byMs: -5 * HOUR_MS, passMs: 0, want: "token-1" },
]) {
  test(`${what}: ${want}`, async () => {
    const clock = createFakeClock();
    let asked = 0;
    const raw = async () => {
      asked += 1;
      return { spec: { expirationSeconds: 3_600 }, status: { token: `token-${asked}` } };
    };
    const source = createTokenSource({ client: { raw } as unknown as Client, clock });
    await source.token(testPod(), projection);
    // What a sleeping machine's clocks do: the monotonic one stands still.
    clock.setNow(clock.now() + byMs);
    await clock.advance(passMs);
    assert.equal((source.renewInMs("uid-1") ?? 0) <= 0, want === "token-2");
    assert.equal(await source.token(testPod(), projection), want);
  });
}
