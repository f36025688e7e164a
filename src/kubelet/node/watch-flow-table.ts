import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { readKernelFile } from "@fairlead/lib/read-kernel-file";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { nodeReference } from "../events/references.ts";

/** Interval between readings of the kernel's counters, in milliseconds. */
const INTERVAL_MS = 10_000;
/** Up to this part of its limit the table counts as full: flows come and go between packets that were dropped and a reading. */
const FULL_PART = 0.95;

/** The connection tracking table of this network namespace. */
export interface FlowTable {
  readonly flows: number;
  /** Most flows that the kernel keeps. */
  readonly most: number;
  /** Packets dropped since the namespace was made; some for other reasons than a full table. */
  readonly dropped: number;
}

export interface WatchFlowTableOptions {
  readonly nodeName: string;
  readonly events: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
  /** Answers nothing where the kernel tracks no connections. Default: from `/proc`. */
  readonly read?: () => Promise<FlowTable | undefined>;
}

/**
 * Reports a full connection tracking table: the kernel then drops packets of new connections, of Services and others, and says
 * so only in the log of the machine. The Node gets the event that upstream's node-problem-detector records.
 *
 * The kubelet reports it, not the service proxy: its lease keeps a connection to the API server in use, and no new one could
 * be made.
 */
export function watchFlowTable(options: WatchFlowTableOptions): Running {
  const { nodeName, events, log, clock, read = readFlowTable } = options;
  let last: FlowTable | undefined;
  let wasFull = false;

  async function look(): Promise<void> {
    const table = await read();
    if (table === undefined) return;
    const { flows, most } = table;
    const drops = last !== undefined && isDropping(last, table);
    last = table;
    if (drops) {
      if (!wasFull)
        log.warn("Connection tracking table full: the kernel drops packets of new connections", { flows, most });
      events.record(nodeReference(nodeName), {
        type: "Warning",
        reason: "ConntrackFull",
        message: `Connection tracking table full: the kernel drops packets of new connections. It keeps at most ${most} flows (nf_conntrack_max)`,
      });
    } else if (wasFull) {
      log.info("Connection tracking table no longer full", { flows, most });
    }
    wasFull = drops;
  }

  async function turn(): Promise<number> {
    await look().catch((error: unknown) => log.debug("Cannot read the connection tracking table", { error }));
    return INTERVAL_MS;
  }

  return startLoop({ turn, clock });
}

/** Whether the kernel dropped packets between two readings because there was no room for their flows. */
export function isDropping(before: FlowTable, now: FlowTable): boolean {
  return now.dropped > before.dropped && Math.max(before.flows, now.flows) >= now.most * FULL_PART;
}

async function readFlowTable(): Promise<FlowTable | undefined> {
  const flows = readKernelFile("/proc/sys/net/netfilter/nf_conntrack_count");
  const most = readKernelFile("/proc/sys/net/netfilter/nf_conntrack_max");
  const statistics = readKernelFile("/proc/net/stat/nf_conntrack");
  if (flows === undefined || most === undefined || statistics === undefined) return undefined;
  return { flows: Number(flows), most: Number(most), dropped: parseDropped(statistics) };
}

/** Reads `/proc/net/stat/nf_conntrack`: a line of names, and one of hexadecimal numbers for each processor. */
export function parseDropped(statistics: string): number {
  const [names = [], ...processors] = statistics
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const place = names.indexOf("drop");
  return processors.reduce((sum, numbers) => sum + Number.parseInt(numbers[place] ?? "0", 16), 0);
}
