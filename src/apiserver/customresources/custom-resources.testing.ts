import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { conditionIsTrue } from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import {
  type CustomResourceDefinition,
  customResourceDefinitionKind,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { Draft } from "@fairlead/api/schema";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { startTestApiServer, type TestApiServer } from "../testing/start-test-server.testing.ts";
import { startCustomResources } from "./start-custom-resources.ts";

/** A server that serves what CustomResourceDefinitions describe. */
export async function startWithCustomResources(
  t: TestContext,
  options: Parameters<typeof startTestApiServer>[0] = {},
): Promise<TestApiServer> {
  const api = await startTestApiServer(options);
  const { resources } = api.server;
  const client = api.client();
  const common = { log: silentLogger, clock: systemClock };
  const running = await startCustomResources({ resources, client, caches: ownCaches(client, common), ...common });
  t.after(async () => {
    await running.stop();
    await api.stop();
  });
  return api;
}

/** A request with a body, in JSON where it is no text, and its answer. */
export async function send(api: TestApiServer, method: string, path: string, body?: unknown, headers = {}) {
  const answer = await api.handle({
    method,
    path,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return {
    status: answer.status,
    warning: answer.headers.warning,
    object: JSON.parse(Buffer.concat(chunks).toString()),
  };
}

/** A definition of `widgets.example.com`, whose version v1 has the given schema of `spec`. */
export function widgets(spec: unknown, more: Draft<CustomResourceDefinition["spec"]> = {}) {
  return {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget", shortNames: ["wd"], categories: ["all"] },
      versions: [versionOf("v1", spec)],
      ...more,
    },
  };
}

/** A served version with the given schema of `spec`, which is the storage version. */
export function versionOf(name: string, spec: unknown, more: object = {}) {
  const properties = { spec, status: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return { name, served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties } }, ...more };
}

/** Creates a definition and waits until it is established. */
export async function established(
  client: Client,
  definition: Draft<CustomResourceDefinition>,
): Promise<CustomResourceDefinition> {
  const created = await client.create<CustomResourceDefinition>(customResourceDefinitionKind, definition);
  return untilDefinition(
    client,
    created,
    (current) => current !== undefined && conditionIsTrue(current, "Established"),
  );
}

/** Waits until a definition is as asked for; `undefined` stands for one that is gone. */
export async function untilDefinition(
  client: Client,
  { metadata: { name, resourceVersion } }: CustomResourceDefinition,
  is: (current: CustomResourceDefinition | undefined) => boolean,
): Promise<CustomResourceDefinition> {
  const fieldSelector = `metadata.name=${name}`;
  const { items } = await client.list(customResourceDefinitionKind, { fieldSelector });
  const [now] = items;
  if (is(now)) return now as CustomResourceDefinition;
  const signal = AbortSignal.timeout(10_000);
  for await (const event of client.watch(customResourceDefinitionKind, { resourceVersion, fieldSelector, signal })) {
    if (event.type === "BOOKMARK") continue;
    if (is(event.type === "DELETED" ? undefined : event.object)) return event.object;
  }
  return assert.fail("The watch ended first");
}
