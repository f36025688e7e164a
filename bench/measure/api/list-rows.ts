import { costs, type Figure } from "./figure.ts";
import { configMapsPath } from "./objects-of-run.ts";
import type { Row, Run } from "./row.ts";

interface Lists {
  readonly name: string;
  readonly clients: number;
  readonly accept: string;
  readonly query: string;
}

const FORMATS = { JSON: "application/json", protobuf: "application/vnd.kubernetes.protobuf" };
/** Of all that was written before the request; of any time, which a server answers from memory. */
const QUERIES = { consistent: "", cached: "?resourceVersion=0" };

/** All objects in one answer, over and over, by one client and by four with a connection of its own each. */
export const listRows: readonly Row[] = [1, 4].flatMap((clients) =>
  Object.entries(FORMATS).flatMap(([format, accept]) =>
    Object.entries(QUERIES).map(([which, query]): Row => {
      const name = `list, ${which}, ${format}, ${clients === 1 ? "1 client" : `${clients} clients`}`;
      return { name, measure: async (run) => [await measureLists(run, { name, clients, accept, query })] };
    }),
  ),
);

/** Each client reads at least one list to its end. */
async function measureLists(run: Run, { name, clients, accept, query }: Lists): Promise<Figure> {
  const requests = [{ path: `${configMapsPath(run.namespaces.read)}${query}`, accept }];
  const load = { requests, ways: clients, ownConnections: true, http: run.http, seconds: run.seconds };
  const { answers, bytes, spent } = await run.send(run.side, load);
  return { name, value: bytes / 1e6 / spent.seconds, unit: "MB/s", better: "more", ...costs(spent, answers) };
}
