/**
 * How soon a CustomResourceDefinition is served, and what its rules cost, over HTTPS as clients in Go ask:
 *
 * - from the answer to a definition until an object of it can be created;
 * - creations of objects in a second, 16 at a time: of a kind without rules, of one with ten rules (one goes through a
 *   list of 16 items), and of ConfigMaps of the same size as a yardstick;
 * - the time of an object whose rules cost the most that is allowed: the server answers nothing else meanwhile.
 *
 * Runs as root in namespaces without a way out.
 *
 *     BENCH_SECONDS=3 BENCH_DEFINITIONS=50 node bench/custom-resources.ts
 */
import type { ClientHttp2Session } from "node:http2";
import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { insideLab, startLab } from "../test/lab/lab.testing.ts";
import { connectAsAdmin, perSecond, print, statusOfPost } from "./measure/admin-session.ts";

const WAYS = 16;
const ITEMS = 16;
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "bench.example.com";
/** Between two questions whether a kind is served. */
const POLL_MS = 1;

const RULES = [
  "self.name != ''",
  "size(self.name) < 100",
  "self.name.matches('^[a-z0-9-]+$')",
  "self.min <= self.max",
  "self.max < 1000",
  "has(self.items) && size(self.items) > 0",
  "self.items.all(i, i.weight >= 0 && i.name.startsWith('item'))",
  "self.items.exists(i, i.weight > 0)",
  "self.?note.orValue('') != 'x'",
  "!has(self.note) || size(self.note) < 10",
];

/** Each evaluation stays below what one may cost; the items of an object reach what all together may. */
const COSTLY_RULES = ["lists.range(7500).all(n, n >= 0)", "lists.range(7500).all(n, n > -1)"];
let names = 0;

if (insideLab(import.meta.filename)) {
  const seconds = Number(process.env.BENCH_SECONDS ?? 3);
  const count = Number(process.env.BENCH_DEFINITIONS ?? 50);
  await using lab = await startLab();
  await lab.fairlead("up", "--uplink", "none", "--wait", "60s");
  const session = await connectAsAdmin(lab);

  const servedMs: number[] = [];
  for (let n = 0; n < count; n++) servedMs.push(await servedAfter(session, `Kind${n}`, []));
  servedMs.sort((a, b) => a - b);
  print(`a definition is created, until it is served: median of ${count}`, servedMs[Math.floor(count / 2)] ?? 0, "ms");
  print("the same, at most", servedMs.at(-1) ?? 0, "ms");

  await servedAfter(session, "Ruled", RULES);
  await servedAfter(session, "Costly", COSTLY_RULES);
  print(`create, ConfigMaps, ${WAYS} at a time`, await perSecond(WAYS, seconds, () => createConfigMap(session)), "/s");
  for (const kind of ["Kind0", "Ruled"]) {
    const what = kind === "Ruled" ? "custom objects with ten rules" : "custom objects without rules";
    print(
      `create, ${what}, ${WAYS} at a time`,
      await perSecond(WAYS, seconds, () => createObject(session, kind)),
      "/s",
    );
  }
  const startedMs = performance.now();
  await statusOfPost(session, collectionOf("Costly"), objectOf("Costly"));
  print("an object whose rules cost the most that is allowed", performance.now() - startedMs, "ms");
  process.stdout.write(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
  session.close();
}

function definitionOf(kind: string, rules: readonly string[]) {
  const isCostly = rules === COSTLY_RULES;
  const validations = rules.map((rule) => ({ rule }));
  const item = {
    type: "object",
    properties: { name: { type: "string", maxLength: 20 }, weight: { type: "integer" } },
    ...(isCostly && { "x-kubernetes-validations": validations }),
  };
  const spec = {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 100 },
      min: { type: "integer" },
      max: { type: "integer" },
      note: { type: "string", maxLength: 100 },
      items: { type: "array", maxItems: isCostly ? 130 : ITEMS, items: item },
    },
    ...(!isCostly && rules.length > 0 && { "x-kubernetes-validations": validations }),
  };
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", properties: { spec } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural, kind },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

function collectionOf(kind: string): string {
  return `/apis/${GROUP}/v1/namespaces/default/${kind.toLowerCase()}s`;
}

function objectOf(kind: string) {
  const count = kind === "Costly" ? 130 : ITEMS;
  const items = Array.from({ length: count }, (_, index) => ({ name: `item-${index}`, weight: index }));
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name: `object-${names++}` },
    spec: { name: "bench", min: 1, max: 2, items },
  };
}

/** Milliseconds from the answer to a definition until an object of it is created. */
async function servedAfter(session: ClientHttp2Session, kind: string, rules: readonly string[]): Promise<number> {
  const status = await statusOfPost(session, DEFINITIONS, definitionOf(kind, rules));
  if (status !== 201) throw new Error(`The server answered the definition of ${kind} with ${status}`);
  const startedMs = performance.now();
  while (kind !== "Costly" && (await statusOfPost(session, collectionOf(kind), objectOf(kind))) !== 201)
    await pause(POLL_MS);
  return performance.now() - startedMs;
}

async function createObject(session: ClientHttp2Session, kind: string): Promise<void> {
  const status = await statusOfPost(session, collectionOf(kind), objectOf(kind));
  if (status !== 201) throw new Error(`The server answered a ${kind} with ${status}`);
}

async function createConfigMap(session: ClientHttp2Session): Promise<void> {
  const { metadata, spec } = objectOf("Kind0");
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: JSON.stringify(spec) } };
  const status = await statusOfPost(session, "/api/v1/namespaces/default/configmaps", body);
  if (status !== 201) throw new Error(`The server answered a ConfigMap with ${status}`);
}
