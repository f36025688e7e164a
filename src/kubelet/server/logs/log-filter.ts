import { fixedTimestamp, parseLogLine } from "./log-line.ts";
import type { LogOptions } from "./log-options.ts";

/** Turns lines of a log file into what the client gets. */
export interface LogFilter {
  /** @param line - With its line feed. @returns What to send, possibly nothing. */
  push(line: Buffer): Buffer;
  /** Nothing more may be sent: the limit has been reached. */
  readonly full: boolean;
}

const nothing = Buffer.alloc(0);

export function createLogFilter(
  options: Pick<LogOptions, "timestamps" | "limitBytes" | "since" | "stream">,
): LogFilter {
  const wanted = options.stream.toLowerCase();
  let leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
  /** Whether the line before was only a part, so that this one goes on with it and has no timestamp of its own. */
  let within = false;
  return {
    push(line) {
      const parsed = parseLogLine(line);
      if (parsed === undefined || Date.parse(parsed.timestamp) < options.since) return nothing;
      if (wanted !== "all" && parsed.stream !== wanted) return nothing;
      const prefix = options.timestamps && !within ? Buffer.from(`${fixedTimestamp(parsed.timestamp)} `) : nothing;
      within = parsed.partial;
      const sent = Buffer.concat([prefix, parsed.text]).subarray(0, leftBytes);
      leftBytes -= sent.length;
      return sent;
    },
    get full() {
      return leftBytes <= 0;
    },
  };
}
