import { ask } from "../connection.ts";
import { measurePages } from "../measure-pages.ts";
import { processorSeconds } from "../processes.ts";
import type { Figure } from "./figure.ts";
import { changeConfigMap, configMapPath, configMapsPath } from "./objects-of-run.ts";
import type { Row, Run } from "./row.ts";

/** All objects in pages of 500, with a write after each page, over and over. */
export const pageRow: Row = { name: "pages of 500, a write after each", measure };

async function measure(run: Run): Promise<readonly Figure[]> {
  const { side, namespaces, objects, seconds, newName } = run;
  const write = configMapPath(namespaces.read, 0);
  const endMs = performance.now() + seconds * 1000;
  let [lists, tookSeconds, server, worstMs] = [0, 0, 0, 0];
  do {
    const pages = await measurePages({
      ...{ access: side.access, path: configMapsPath(namespaces.read), objects },
      write: async (session) => void (await ask(session, changeConfigMap(write, newName()))),
      serverSeconds: () => processorSeconds(side.pids),
    });
    lists++;
    tookSeconds += pages.seconds;
    server += pages.processorSeconds;
    worstMs = Math.max(worstMs, pages.worstMs);
  } while (performance.now() < endMs);
  const thousands = (lists * objects) / 1000;
  const perThousand = side.pids.length === 0 ? undefined : server / thousands;
  return [
    {
      name: `${pageRow.name}: 1,000 objects`,
      ...{ value: (tookSeconds / thousands) * 1000, unit: "ms", better: "less" },
      server: perThousand,
    },
    { name: `${pageRow.name}: longest`, value: worstMs, unit: "ms", better: "less" },
  ];
}
