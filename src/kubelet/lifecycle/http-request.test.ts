import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { HTTPHeader } from "@fairlead/api/core/v1/pod/probe";
import { httpRequest } from "./http-request.ts";

/** Answers with the path that it was asked for, and the headers in the order in which they came. */
const server = createServer(({ url, rawHeaders }, response) => {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[i + 1]}`] : []));
  response.end(JSON.stringify({ url, headers }));
});
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
after(() => server.close());

async function asked(path: string, httpHeaders: HTTPHeader[] = []): Promise<{ url: string; headers: string[] }> {
  const action = { path, port, scheme: "HTTP" as const, httpHeaders };
  const options = { host: "127.0.0.1", port, signal: AbortSignal.timeout(60_000), userAgent: "kube-probe/1.35" };
  return JSON.parse((await httpRequest(action, options)).body);
}

const headerCases: { name: string; given: Record<string, string>[]; want: string[] }[] = [
  { name: "none", given: [], want: ["user-agent: kube-probe/1.35", "accept: */*", "host: 127.0.0.1:PORT"] },
  {
    name: "another host",
    given: [{ Host: "shop.example" }],
    want: ["user-agent: kube-probe/1.35", "accept: */*", "host: shop.example"],
  },
  {
    name: "another agent, in any case",
    given: [{ "user-AGENT": "me" }],
    want: ["user-agent: me", "accept: */*", "host: 127.0.0.1:PORT"],
  },
  {
    name: "nothing that is accepted",
    given: [{ Accept: "" }],
    want: ["user-agent: kube-probe/1.35", "host: 127.0.0.1:PORT"],
  },
  {
    name: "one header twice",
    given: [{ "X-One": "1" }, { "x-one": "2" }],
    want: ["user-agent: kube-probe/1.35", "accept: */*", "x-one: 1", "x-one: 2", "host: 127.0.0.1:PORT"],
  },
];

for (const { name, given, want } of headerCases) {
  test(`httpRequest with headers: ${name}`, async () => {
    const list = given.flatMap((one) => Object.entries(one).map(([name, value]) => ({ name, value })));
    const { headers } = await asked("/", list);
    const said = headers.filter((header) => !header.startsWith("connection:"));
    assert.deepEqual(said.toSorted(), want.map((header) => header.replace("PORT", String(port))).toSorted());
  });
}

const pathCases: { path: string; want: string }[] = [
  { path: "/healthz?full=1", want: "/healthz?full=1" },
  { path: "healthz", want: "/healthz" },
  { path: "//elsewhere.example/healthz", want: "/healthz" },
  { path: "http://elsewhere.example/healthz", want: "/healthz" },
];

for (const { path, want } of pathCases) {
  test(`httpRequest asks for ${want} where the path is ${path}`, async () => {
    assert.equal((await asked(path)).url, want);
  });
}
