import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { testPod } from "../testing/pods.testing.ts";
import type { Payload } from "./payload.ts";
import { configMapPayload, downwardPayload, secretPayload } from "./payload.ts";

const configMap = { data: { a: "1", b: "2" }, binaryData: { c: btoa("\x00\x01") } } as unknown as ConfigMap;
const secret = { data: { key: btoa("s3cret") } } as unknown as Secret;
const all = { kind: "configmap", name: "settings", items: undefined, mode: 0o644, optional: false } as const;

const cases: { name: string; payload: () => Payload; want: string }[] = [
  { name: "all keys", payload: () => configMapPayload(configMap, all), want: "a=1 644, b=2 644, c=\x00\x01 644" },
  {
    name: "chosen keys, at paths and with modes of their own",
    payload: () =>
      configMapPayload(configMap, {
        ...all,
        items: [
          { key: "a", path: "x/y", mode: 0o600 },
          { key: "b", path: "z" },
        ],
      }),
    want: "x/y=1 600, z=2 644",
  },
  {
    name: "a secret is decoded",
    payload: () => secretPayload(secret, { ...all, kind: "secret" }),
    want: "key=s3cret 644",
  },
  {
    name: "an optional object that is not there",
    payload: () => configMapPayload(undefined, { ...all, optional: true }),
    want: "",
  },
  {
    name: "an optional key that is not there",
    payload: () => configMapPayload(configMap, { ...all, optional: true, items: [{ key: "none", path: "x" }] }),
    want: "",
  },
  {
    name: "fields of the pod",
    payload: () =>
      downwardPayload(
        testPod({}, { labels: { b: "2", a: 'say "hi"' } }),
        [{ path: "labels", fieldRef: { apiVersion: "v1", fieldPath: "metadata.labels" } }],
        {
          mode: 0o644,
          addresses: { podIPs: [], hostIPs: [] },
          allocatable: {},
        },
      ),
    want: 'labels=a="say \\"hi\\""\nb="2" 644',
  },
];

for (const { name, payload, want } of cases) {
  test(`payload: ${name}`, () => {
    const texts = [...payload()].map(
      ([path, { data, mode }]) => `${path}=${new TextDecoder().decode(data)} ${mode.toString(8)}`,
    );
    assert.equal(texts.join(", "), want);
  });
}

test("payload: what is missing is named", () => {
  assert.throws(() => configMapPayload(undefined, all), {
    name: "VolumeError",
    message: 'configmap "settings" not found',
  });
  const items = [{ key: "none", path: "x" }];
  assert.throws(() => configMapPayload(configMap, { ...all, items }), {
    message: "configmap references non-existent config key: none",
  });
  assert.throws(() => secretPayload(secret, { ...all, kind: "secret", items }), {
    message: "references non-existent secret key: none",
  });
});
