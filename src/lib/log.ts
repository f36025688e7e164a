import { format } from "node:util";

/** How much a line matters, least first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a log line carries besides its message. Values are printed unchanged; errors with their causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A constant message, and what varies as fields: lines can then be counted by message. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too. */
  with(fields: LogFields): Logger;
}

const severity: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes one line of text per message: `2026-11-21T02:30:00.000Z info  Listening address=127.0.0.1:6443`.
 *
 * @param write - Gets each finished line, newline included.
 * @param level - Lines below it are dropped. Default `info`.
 */
export function createLogger(
  write: (line: string) => void,
  { level = "info", fields = {}, now = Date.now }: { level?: LogLevel; fields?: LogFields; now?: () => number } = {},
): Logger {
  const at =
    (lineLevel: LogLevel) =>
    (message: string, lineFields: LogFields = {}) => {
      if (severity[lineLevel] < severity[level]) return;
      const all = Object.entries({ ...fields, ...lineFields }).map(([name, value]) => ` ${name}=${shown(value)}`);
      write(`${new Date(now()).toISOString()} ${lineLevel.padEnd(5)} ${message}${all.join("")}\n`);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => createLogger(write, { level, fields: { ...fields, ...more }, now }),
  };
}

/** For tests, and for callers that asked for silence. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLogger,
};

function shown(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(withCauses(value));
  const text = typeof value === "string" ? value : format("%j", value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}

function withCauses(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${withCauses(error.cause)}` : error.message;
}
