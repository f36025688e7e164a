import { measureSmallReads } from "../measure-small-reads.ts";
import { configMapPath, configMapsPath } from "./objects-of-run.ts";
import type { Row } from "./row.ts";

const CLIENTS = 4;
/** Between two objects that are read one after another. A prime: all get their turn. */
const STRIDE = 7_919;
const name = `small read beside ${CLIENTS} clients that list`;

/** One object every 20 ms, while four clients list all of them without a limit. */
export const smallReadRow: Row = {
  name,
  async measure({ side, namespaces, objects, seconds }) {
    const reads = await measureSmallReads({
      ...{ access: side.access, clients: CLIENTS, seconds, listPath: configMapsPath(namespaces.read) },
      readPath: (number) => configMapPath(namespaces.read, (number * STRIDE) % objects),
    });
    return [
      { name: `${name}: p50`, value: reads.medianMs, unit: "ms", better: "less" },
      { name: `${name}: p99`, value: reads.p99Ms, unit: "ms", better: "less" },
      { name: `${name}: lists`, value: reads.listedMiBPerSecond * 1.048576, unit: "MB/s", better: "more" },
    ];
  },
};
