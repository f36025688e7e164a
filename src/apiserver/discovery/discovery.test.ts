import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { builtinKinds } from "@fairlead/api/kinds";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { aggregatedForm } from "./aggregated.ts";
import type { HealthCheck } from "./health.ts";
import { health } from "./health.ts";
import { discovery } from "./paths.ts";

const ask = async (path: string, accept = "application/json") => {
  const request = { method: "GET" as const, path, headers: { accept } };
  const response = await discovery(builtinKinds, request, path, "127.0.0.1:6443");
  return response === undefined ? undefined : JSON.parse(await text(response.body));
};

test("the plain form lists groups, and the resources of a group and version", async () => {
  assert.deepEqual((await ask("/api")).versions, ["v1"]);
  const groups = (await ask("/apis")).groups.map(({ name }: { name: string }) => name);
  assert.ok(groups.includes("discovery.k8s.io"));
  const { resources } = await ask("/api/v1");
  const names = resources.map(({ name }: { name: string }) => name);
  for (const name of ["pods", "pods/status", "pods/log", "services", "nodes"]) assert.ok(names.includes(name), name);
  assert.equal((await ask("/apis/discovery.k8s.io")).preferredVersion.version, "v1");
  assert.equal(await ask("/apis/discovery.k8s.io/v9"), undefined);
});

test("the aggregated form has everything in one document", async () => {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const { kind, items } = await ask("/api", accept);
  assert.equal(kind, "APIGroupDiscoveryList");
  const pods = items[0].versions[0].resources.find(({ resource }: { resource: string }) => resource === "pods");
  assert.equal(pods.scope, "Namespaced");
  assert.ok(pods.subresources.some(({ subresource }: { subresource: string }) => subresource === "exec"));
});

const accepts: readonly { readonly name: string; readonly accept: string; readonly want: string | undefined }[] = [
  {
    name: "the newest that the client knows",
    accept:
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json",
    want: "json v2",
  },
  {
    name: "an older client's",
    accept: "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
    want: "json v2beta1",
  },
  {
    name: "the aggregated form, although the plain one is named first",
    accept: "application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    want: "json v2",
  },
  {
    name: "in protobuf",
    accept: "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    want: "protobuf v2",
  },
  {
    name: "in no format that is there",
    accept: "text/html;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    want: undefined,
  },
  { name: "none for a client that does not ask", accept: "application/json, */*", want: undefined },
];

for (const { name, accept, want } of accepts) {
  test(`the aggregated form: ${name}`, () => {
    const form = aggregatedForm(accept);
    assert.equal(form && `${form.format} ${form.version}`, want);
  });
}

const checks: readonly HealthCheck[] = [
  { name: "ping", liveness: true, check: () => undefined },
  { name: "shutdown", liveness: false, check: () => "the server is stopping" },
];

const healthRows: readonly { readonly name: string; readonly path: string; readonly want: string }[] = [
  { name: "alive while stopping", path: "/livez", want: "200 ok" },
  {
    name: "not ready while stopping",
    path: "/readyz",
    want: "500 [+]ping ok\n[-]shutdown failed: the server is stopping\nreadyz check failed\n",
  },
  { name: "one check alone", path: "/readyz/ping", want: "200 ok" },
  { name: "a check that is left out", path: "/readyz?exclude=shutdown", want: "200 ok" },
  { name: "every check by name", path: "/livez?verbose", want: "200 [+]ping ok\nlivez check passed\n" },
  { name: "an unknown check", path: "/readyz/x", want: "404 404 page not found\n" },
];

for (const { name, path, want } of healthRows) {
  test(`health: ${name}`, async () => {
    const url = new URL(path, "http://x");
    assert.equal(await shown(await health(url.pathname, url.searchParams, checks)), want);
  });
}

async function shown({ status, body }: ApiResponse): Promise<string> {
  return `${status} ${await text(body)}`;
}
