import { costs, type Figure } from "./figure.ts";
import type { HttpRequest } from "./http-client.ts";
import { configMapPath, createConfigMap } from "./objects-of-run.ts";
import type { Row, Run } from "./row.ts";

/** Between two objects that are read one after another. A prime: all get their turn. */
const STRIDE = 7_919;
/** The server makes a name of its own for each object that is created. */
const METADATA = { generateName: "written-" };

/** Creates, answered when they are on the disk, and reads of single objects. */
export const requestRows: readonly Row[] = [
  ...[1, 16, 64].map((ways) => requestRow("get", ways, getRequests)),
  ...[1, 16, 64].map((ways) =>
    requestRow("create", ways, ({ namespaces }) => [createConfigMap(namespaces.written, METADATA)]),
  ),
  ...[1, 16].map((ways) => requestRow("create of a Service", ways, createService)),
];

function requestRow(what: string, ways: number, requests: (run: Run) => readonly HttpRequest[]): Row {
  const name = ways === 1 ? `${what}, one after another` : `${what}, ${ways} at a time`;
  return { name, measure: async (run) => [await measureRequests(run, { name, ways, requests: requests(run) })] };
}

interface Requests {
  readonly name: string;
  readonly ways: number;
  readonly requests: readonly HttpRequest[];
}

async function measureRequests(run: Run, { name, ...load }: Requests): Promise<Figure> {
  const { answers, spent } = await run.send(run.side, { ...load, http: run.http, seconds: run.seconds });
  return { name, value: answers / spent.seconds, unit: "/s", better: "more", ...costs(spent, answers) };
}

function getRequests({ namespaces, objects }: Run): readonly HttpRequest[] {
  const numbers = Array.from({ length: objects }, (_, at) => (at * STRIDE) % objects);
  return numbers.map((number) => ({ path: configMapPath(namespaces.read, number) }));
}

/** Without a selector: the EndpointSlices of one with a selector are written by controllers, which a peer may not have. */
function createService({ namespaces }: Run): readonly HttpRequest[] {
  const body = { apiVersion: "v1", kind: "Service", metadata: METADATA, spec: { ports: [{ port: 80 }] } };
  return [{ method: "POST", path: `/api/v1/namespaces/${namespaces.written}/services`, body }];
}
