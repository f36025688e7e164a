import { fixedTimestamp, parseLogLine } from "./log-line.ts";
import type { LogOptions } from "./log-options.ts";

/** Turns lines of a log file into what the client gets. */
export interface LogFilter {
  /** @param line - With its line feed. @returns What to send, possibly nothing. */
  push(line: Buffer): Buffer;
  /** A limit has been reached: every further line is left out. */
  readonly full: boolean;
}

const nothing = Buffer.alloc(0);

/**
 * Creates a filter for the lines of one request. Without `follow`, it passes at most `tailLines` lines: the container may
 * have written more since the place of the first of them was found.
 */
export function createLogFilter(options: Omit<LogOptions, "previous">): LogFilter {
  const wanted = options.stream.toLowerCase();
  let leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let leftLines = options.follow ? Number.POSITIVE_INFINITY : (options.tailLines ?? Number.POSITIVE_INFINITY);
  /** Whether the line before was only a part, so that this one goes on with it and has no timestamp of its own. */
  let within = false;
  return {
    push(line) {
      const parsed = parseLogLine(line);
      if (parsed === undefined || leftLines <= 0) return nothing;
      // As upstream: lines that are left out below count, too.
      leftLines -= 1;
      if (Date.parse(parsed.timestamp) < options.since) return nothing;
      if (wanted !== "all" && parsed.stream !== wanted) return nothing;
      const prefix = options.timestamps && !within ? Buffer.from(`${fixedTimestamp(parsed.timestamp)} `) : nothing;
      within = parsed.partial;
      const sent = Buffer.concat([prefix, parsed.text]).subarray(0, leftBytes);
      leftBytes -= sent.length;
      return sent;
    },
    get full() {
      return leftBytes <= 0 || leftLines <= 0;
    },
  };
}
