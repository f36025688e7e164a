import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { int64 } from "@fairlead/api/int64";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import fc from "fast-check";
import { startTestApiServer, type TestApiServer, testAdmin } from "./testing/start-test-server.testing.ts";

const PATH = "/apis/apps/v1/namespaces/default/deployments";
const [MIN, MAX] = [-(2n ** 63n), 2n ** 63n - 1n];
const anyInt64 = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.constantFrom(MIN, MAX, 0n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n),
);

/** What has to come back: the field is an int64 of any value, and a client may change it. */
const FIELD = /"?terminationGracePeriodSeconds"?: ?(-?\d+)/g;

/** A Deployment as text, JSON that is YAML as well. */
function manifest(name: string, digits: string, more = ""): string {
  const template = `{"metadata":{"labels":{"a":"b"}},"spec":{"terminationGracePeriodSeconds":${digits},"containers":[{"name":"c","image":"i"}]${more}}}`;
  return `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"${name}"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":${template}}}`;
}

/** The same in YAML that is no JSON. */
function yamlManifest(name: string, digits: string, more = ""): string {
  return `---\n${manifest(name, digits, more).replaceAll(":", ": ").replaceAll(",", ", ")}`;
}

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
};
const message = (number: number, content: readonly number[]) => [
  ...varint(BigInt(number * 8 + 2)),
  ...varint(BigInt(content.length)),
  ...content,
];
const string = (number: number, value: string) => message(number, [...Buffer.from(value)]);
const entry = (number: number) => message(number, [...string(1, "a"), ...string(2, "b")]);

/** {@link manifest} in protobuf, field numbers as in k8s.io/api's generated.proto. */
function protobufManifest(name: string, value: bigint): Uint8Array {
  const grace = [...varint(4n * 8n), ...varint(value)];
  const podSpec = [...message(2, [...string(1, "c"), ...string(2, "i")]), ...grace];
  const template = [...message(1, entry(11)), ...message(2, podSpec)];
  const spec = [...message(2, entry(1)), ...message(3, template)];
  const raw = [...message(1, string(1, name)), ...message(2, spec)];
  const typeMeta = [...string(1, "apps/v1"), ...string(2, "Deployment")];
  return Uint8Array.from([0x6b, 0x38, 0x73, 0, ...message(1, typeMeta), ...message(2, raw)]);
}

interface Sent {
  readonly method: ApiRequest["method"];
  readonly path?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly accept?: string;
}

async function ask(api: TestApiServer, { method, path = "", type, body, accept = "application/json" }: Sent) {
  const headers = { accept, ...(type !== undefined && { "content-type": type }) };
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const response = await api.handle({
    method,
    path: PATH + path,
    headers,
    ...(bytes !== undefined && { body: bytes }),
  });
  const answer = await text(response.body);
  assert.ok(response.status < 300, `${method} ${path}: ${answer}`);
  return answer;
}

/** Every write answers the value, and what is stored has it: the last one in an answer counts, as lists end with it. */
function valueIn(answer: string): bigint {
  const digits = [...answer.matchAll(FIELD)].at(-1)?.[1];
  assert.ok(digits !== undefined, answer);
  return BigInt(digits);
}

const grace = (digits: bigint | string) => `{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":${digits}}}}}`;
/** Makes a body so large that it is parsed on a thread. */
const LARGE = `,"schedulerName":"${"x".repeat(200_000)}"`;

const writes: readonly { readonly name: string; readonly request: (value: bigint) => Sent }[] = [
  {
    name: "PUT in JSON",
    request: (value) => ({ method: "PUT", path: "/web", type: "application/json", body: manifest("web", `${value}`) }),
  },
  {
    name: "PUT in YAML",
    request: (value) => ({
      method: "PUT",
      path: "/web",
      type: "application/yaml",
      body: yamlManifest("web", `${value}`),
    }),
  },
  {
    name: "PUT in protobuf",
    request: (value) => ({
      method: "PUT",
      path: "/web",
      type: "application/vnd.kubernetes.protobuf",
      body: protobufManifest("web", value),
    }),
  },
  {
    name: "JSON patch",
    request: (value) => ({
      method: "PATCH",
      path: "/web",
      type: "application/json-patch+json",
      body: `[{"op":"test","path":"/spec/template/spec/containers/0/name","value":"c"},{"op":"add","path":"/spec/template/spec/terminationGracePeriodSeconds","value":${value}},{"op":"test","path":"/spec/template/spec/terminationGracePeriodSeconds","value":${value}}]`,
    }),
  },
  {
    name: "merge patch",
    request: (value) => ({ method: "PATCH", path: "/web", type: "application/merge-patch+json", body: grace(value) }),
  },
  {
    name: "strategic merge patch",
    request: (value) => ({
      method: "PATCH",
      path: "/web",
      type: "application/strategic-merge-patch+json",
      body: grace(value),
    }),
  },
  {
    name: "server-side apply of JSON",
    request: (value) => ({
      method: "PATCH",
      path: "/web?fieldManager=test&force=true",
      type: "application/apply-patch+yaml",
      body: manifest("web", `${value}`),
    }),
  },
  {
    name: "server-side apply of YAML",
    request: (value) => ({
      method: "PATCH",
      path: "/web?fieldManager=test&force=true",
      type: "application/apply-patch+yaml",
      body: yamlManifest("web", `${value}`),
    }),
  },
];

async function startWithDeployment(t: TestContext): Promise<TestApiServer> {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  await ask(api, { method: "POST", type: "application/json", body: manifest("web", "30") });
  return api;
}

for (const { name, request } of writes) {
  test(`any int64 by ${name} comes back the same`, async (t) => {
    const api = await startWithDeployment(t);
    const check = async (value: bigint) => {
      assert.equal(valueIn(await ask(api, request(value))), value);
      const before = await ask(api, { method: "GET", path: "/web" });
      assert.equal(valueIn(before), value);
      await ask(api, request(value));
      assert.equal(await ask(api, { method: "GET", path: "/web" }), before, "the same again changes nothing");
    };
    await fc.assert(fc.asyncProperty(anyInt64, check), { numRuns: 25 });
  });
}

const elsewhere: readonly Sent[] = [
  {
    method: "PATCH",
    type: "application/json-patch+json",
    body: '[{"op":"add","path":"/metadata/labels","value":{"x":"N"}}]',
  },
  { method: "PATCH", type: "application/merge-patch+json", body: '{"metadata":{"labels":{"x":"N"}}}' },
  { method: "PATCH", type: "application/strategic-merge-patch+json", body: '{"metadata":{"labels":{"x":"N"}}}' },
  {
    method: "PATCH",
    path: "?fieldManager=test",
    type: "application/apply-patch+yaml",
    body: '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"y":"N"}}}',
  },
  { method: "PATCH", path: "/scale", type: "application/merge-patch+json", body: '{"spec":{"replicas":N}}' },
  { method: "PATCH", path: "/status", type: "application/merge-patch+json", body: '{"status":{"replicas":N}}' },
];
test("any int64 is left alone by patches of other fields", async (t) => {
  const api = await startWithDeployment(t);
  let serial = 0;
  const check = async (value: bigint) => {
    await ask(api, { method: "PUT", path: "/web", type: "application/json", body: manifest("web", `${value}`) });
    for (const { path = "", body = "", ...sent } of elsewhere) {
      serial += 1;
      await ask(api, { ...sent, path: `/web${path}`, body: String(body).replaceAll("N", String(serial)) });
      assert.equal(valueIn(await ask(api, { method: "GET", path: "/web" })), value, `${sent.type} ${path}`);
    }
  };
  await fc.assert(fc.asyncProperty(anyInt64, check), { numRuns: 15 });
});

test("a large body, which a thread parses, keeps 64 bits in JSON and in YAML", async (t) => {
  const api = await startWithDeployment(t);
  const large = async (type: string, body: string) => {
    const request = { method: "PUT", path: `${PATH}/web?dryRun=All`, headers: { "content-type": type } } as const;
    const response = await api.server.handle(request, testAdmin, async () => Buffer.from(body));
    return await text(response.body);
  };
  assert.equal(valueIn(await large("application/json", manifest("web", `${MAX}`, LARGE))), MAX);
  assert.equal(valueIn(await large("application/yaml", yamlManifest("web", `${MIN}`, LARGE))), MIN);
  const refused = await large("application/json", manifest("web", "1.0", LARGE));
  assert.match(refused, /json: cannot unmarshal number 1\.0 into Go struct field .* of type int64/);
});

const reads: readonly { readonly name: string; readonly path: string; readonly accept?: string }[] = [
  { name: "get in JSON", path: "/web" },
  { name: "get in YAML", path: "/web", accept: "application/yaml" },
  { name: "get for people", path: "/web?pretty=true" },
  { name: "list in JSON", path: "" },
  { name: "list in YAML", path: "", accept: "application/yaml" },
  {
    name: "table with objects",
    path: "?includeObject=Object",
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
  },
  { name: "watch", path: "?watch=1&timeoutSeconds=-1&resourceVersion=0" },
];
for (const { name, path, accept } of reads) {
  test(`any int64 is read by ${name}`, async (t) => {
    const api = await startWithDeployment(t);
    const check = async (value: bigint) => {
      await ask(api, { method: "PUT", path: "/web", type: "application/json", body: manifest("web", `${value}`) });
      assert.equal(valueIn(await ask(api, { method: "GET", path, ...(accept !== undefined && { accept }) })), value);
    };
    await fc.assert(fc.asyncProperty(anyInt64, check), { numRuns: 15 });
  });
}

test("any int64 goes through a client of our own", async (t) => {
  const api = await startWithDeployment(t);
  const client = api.client();
  const key = { namespace: "default", name: "web" };
  const check = async (value: bigint) => {
    const before = await client.get(deploymentKind, key);
    const spec = { ...before.spec.template.spec, terminationGracePeriodSeconds: int64(value) ?? 0 };
    const template = { ...before.spec.template, spec };
    const updated = await client.update(deploymentKind, { ...before, spec: { ...before.spec, template } });
    assert.strictEqual(updated.spec.template.spec.terminationGracePeriodSeconds, int64(value));
    const { items } = await client.list(deploymentKind, { namespace: "default" });
    assert.strictEqual(items[0]?.spec.template.spec.terminationGracePeriodSeconds, int64(value));
  };
  await fc.assert(fc.asyncProperty(anyInt64, check), { numRuns: 25 });
});

test("a value that differs by one is another one to managed fields, conflicts and generations", async (t) => {
  const api = await startWithDeployment(t);
  const [one, other] = [2n ** 53n, 2n ** 53n + 1n];
  const apply = (manager: string, value: bigint) =>
    ask(api, {
      method: "PATCH",
      path: `/web?fieldManager=${manager}`,
      type: "application/apply-patch+yaml",
      body: `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},${grace(value).slice(1)}`,
    });
  const generationOf = async () =>
    (await api.client().get(deploymentKind, { namespace: "default", name: "web" })).metadata.generation;
  const put = (value: bigint) =>
    ask(api, { method: "PUT", path: "/web", type: "application/json", body: manifest("web", `${value}`) });
  await put(one);
  const before = await generationOf();
  await put(one);
  assert.equal(await generationOf(), before);
  await put(other);
  assert.equal(await generationOf(), (before as number) + 1);
  await apply("same", other);
  await assert.rejects(
    apply("another", one),
    /conflicts?[^"]*with \\?"(same|unknown).*\.spec\.template\.spec\.terminationGracePeriodSeconds/s,
  );
});

const refusals: readonly {
  readonly name: string;
  readonly type: string;
  readonly body: string;
  readonly want: RegExp;
}[] = [
  {
    name: "a JSON patch to beyond int64",
    type: "application/json-patch+json",
    body: '[{"op":"add","path":"/spec/template/spec/terminationGracePeriodSeconds","value":9223372036854775808}]',
    want: /json: cannot unmarshal number 9223372036854775808 into Go struct field PodSpec\.spec\.template\.spec\.terminationGracePeriodSeconds of type int64/,
  },
  {
    name: "a merge patch to a fraction of zero",
    type: "application/merge-patch+json",
    body: grace("1.0"),
    want: /json: cannot unmarshal number 1\.0 into Go struct field PodSpec\.spec\.template\.spec\.terminationGracePeriodSeconds of type int64/,
  },
  {
    name: "a strategic merge patch to beyond int64",
    type: "application/strategic-merge-patch+json",
    body: grace("9223372036854775808"),
    want: /json: cannot unmarshal number 9223372036854775808 into/,
  },
];
for (const { name, type, body, want } of refusals) {
  test(`${name} is refused`, async (t) => {
    const api = await startWithDeployment(t);
    await assert.rejects(ask(api, { method: "PATCH", path: "/web", type, body }), want);
  });
}

test("a strategic merge patch reads 1.0 as 1, as upstream does", async (t) => {
  const api = await startWithDeployment(t);
  const type = "application/strategic-merge-patch+json";
  assert.equal(valueIn(await ask(api, { method: "PATCH", path: "/web", type, body: grace("1.0") })), 1n);
});

test("a test operation of a JSON patch tells large integers apart", async (t) => {
  const api = await startWithDeployment(t);
  const type = "application/json-patch+json";
  const at = "/spec/template/spec/terminationGracePeriodSeconds";
  const patch = (tested: string) =>
    `[{"op":"replace","path":"${at}","value":${MAX}},{"op":"test","path":"${at}","value":${tested}}]`;
  await ask(api, { method: "PATCH", path: "/web", type, body: patch(`${MAX}`) });
  for (const other of [`${MAX - 1n}`, "9223372036854775808", "1.0"]) {
    await assert.rejects(ask(api, { method: "PATCH", path: "/web", type, body: patch(other) }), /testing value/);
  }
});

test("a pod whose grace is 2^63 - 1 seconds is deleted in some 292 years, and sooner when that is asked for", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const key = { namespace: "default", name: "slow" };
  await client.create(podKind, {
    metadata: key,
    spec: { nodeName: "n", terminationGracePeriodSeconds: MAX, containers: [{ name: "c", image: "i" }] },
  });
  await client.delete(podKind, key);
  const { deletionTimestamp = "", deletionGracePeriodSeconds } = (await client.get(podKind, key)).metadata;
  assert.strictEqual(deletionGracePeriodSeconds, MAX);
  assert.match(deletionTimestamp, /^23\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await client.delete(podKind, key, { gracePeriodSeconds: 60 });
  const { metadata } = await client.get(podKind, key);
  assert.equal(metadata.deletionGracePeriodSeconds, 60);
  const inMs = Date.parse(metadata.deletionTimestamp ?? "") - Date.now();
  assert.ok(inMs > 0 && inMs <= 61_000, metadata.deletionTimestamp);
});

const ids: readonly (readonly [field: string, value: bigint, want: RegExp])[] = [
  [
    "runAsUser",
    2n ** 31n,
    /spec\.securityContext\.runAsUser: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive/,
  ],
  ["runAsUser", MAX, /spec\.securityContext\.runAsUser: Invalid value: 9223372036854775807: must be between/],
  ["fsGroup", MIN, /spec\.securityContext\.fsGroup: Invalid value: -9223372036854775808: must be between/],
];
for (const [field, value, want] of ids) {
  test(`${field} of ${value} is refused by validation`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const spec = { securityContext: { [field]: int64(value) }, containers: [{ name: "c", image: "i" }] };
    const created = api.client().create(podKind, { metadata: { namespace: "default", name: "p" }, spec });
    await assert.rejects(created, { code: 422, message: want });
  });
}
