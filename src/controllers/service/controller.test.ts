import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { startControllersIn } from "../controllers.testing.ts";

test("a Service that waits for a load balancer's address gets one event, however often it changes", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  const spec = { type: "LoadBalancer", clusterIP: "10.96.0.20", ports: [{ port: 80 }] } as const;
  const events = async () => {
    const { items } = await client.list(eventKind, { namespace: "team" });
    return items.filter(({ reason }) => reason === "AllocationFailed");
  };
  await client.create(serviceKind, { metadata: { name: "web", namespace: "team" }, spec });
  await until(async () => ((await events()).length > 0 ? true : undefined));
  const web = { namespace: "team", name: "web" };
  for (const round of ["1", "2", "3"]) {
    await client.patch(serviceKind, web, "merge", { metadata: { labels: { round } } });
  }
  // Events are recorded in the order of the Services' names and times: by the second, the changes of the first were seen.
  await client.create(serviceKind, {
    metadata: { name: "other", namespace: "team" },
    spec: { ...spec, clusterIP: "10.96.0.21" },
  });
  await until(async () => ((await events()).length === 2 ? true : undefined));
  const recorded = (await events()).map(({ involvedObject, count, type }) => [involvedObject.name, count, type]);
  assert.deepEqual(recorded.sort(), [
    ["other", 1, "Warning"],
    ["web", 1, "Warning"],
  ]);
});
