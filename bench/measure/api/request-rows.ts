import { costs, type Figure } from "./figure.ts";
import { type HttpRequest, openHttpClient } from "./http-client.ts";
import { configMapPath, createConfigMap } from "./objects-of-run.ts";
import type { Row, Run } from "./row.ts";
import { spentOn } from "./spent.ts";

/** Between two objects that are read one after another. A prime: all get their turn. */
const STRIDE = 7_919;

/** Creates, answered when they are on the disk, and reads of single objects. */
export const requestRows: readonly Row[] = [
  ...[1, 16, 64].map((ways) => requestRow("get", ways, getRequest)),
  ...[1, 16, 64].map((ways) =>
    requestRow("create", ways, ({ namespaces, newName }) => createConfigMap(namespaces.written, newName())),
  ),
  ...[1, 16].map((ways) => requestRow("create of a Service", ways, createService)),
];

function requestRow(what: string, ways: number, request: (run: Run, number: number) => HttpRequest): Row {
  const name = ways === 1 ? `${what}, one after another` : `${what}, ${ways} at a time`;
  return { name, measure: async (run) => [await measureRequests(run, { name, ways, request })] };
}

interface Requests {
  readonly name: string;
  readonly ways: number;
  request(run: Run, number: number): HttpRequest;
}

async function measureRequests(run: Run, { name, ways, request }: Requests): Promise<Figure> {
  await using client = await openHttpClient(run.side.access, run.http, ways);
  let count = 0;
  const spent = await spentOn(run.side, async () => {
    const endMs = performance.now() + run.seconds * 1000;
    const caller = async () => {
      while (performance.now() < endMs) await client.ask(request(run, count++));
    };
    await Promise.all(Array.from({ length: ways }, caller));
  });
  return { name, value: count / spent.seconds, unit: "/s", better: "more", ...costs(spent, count) };
}

function getRequest({ namespaces, objects }: Run, number: number): HttpRequest {
  return { path: configMapPath(namespaces.read, (number * STRIDE) % objects) };
}

/** Without a selector: the EndpointSlices of one with a selector are written by controllers, which a peer may not have. */
function createService({ namespaces, newName }: Run): HttpRequest {
  const body = { apiVersion: "v1", kind: "Service", metadata: { name: newName() }, spec: { ports: [{ port: 80 }] } };
  return { method: "POST", path: `/api/v1/namespaces/${namespaces.written}/services`, body };
}
