import { goQuote } from "../go-quote.ts";

/** The layouts that upstream's messages name, in Go's notation. */
const LAYOUT = { time: "2006-01-02T15:04:05Z07:00", microTime: "2006-01-02T15:04:05.000000Z07:00" } as const;

/** The elements of RFC 3339 in order, with what the message calls each. */
const ELEMENTS: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "2006", pattern: /^\d{4}/ },
  { name: "-", pattern: /^-/ },
  { name: "01", pattern: /^\d\d/ },
  { name: "-", pattern: /^-/ },
  { name: "02", pattern: /^\d\d/ },
  { name: "T", pattern: /^T/ },
  { name: "15", pattern: /^\d\d/ },
  { name: ":", pattern: /^:/ },
  { name: "04", pattern: /^\d\d/ },
  { name: ":", pattern: /^:/ },
  { name: "05", pattern: /^\d\d(\.\d{1,9})?/ },
  { name: "Z07:00", pattern: /^(Z|[+-]\d\d:\d\d)/ },
];

/** A time in the form it is stored in, or why it is none. */
export type ParsedTime = { readonly text: string } | { readonly error: string };

/**
 * Brings an RFC 3339 time into UTC, with seconds (`time`) or microseconds (`microTime`).
 *
 * A `microTime` may be written with any number of decimals, none included.
 */
export function parseTime(type: "time" | "microTime", text: string): ParsedTime {
  const problem = (detail: string) => ({
    error: `parsing time ${goQuote(text)} as "${LAYOUT[type]}": ${detail}`,
  });

  let rest = text;
  for (const { name, pattern } of ELEMENTS) {
    const match = pattern.exec(rest);
    if (match === null) return problem(`cannot parse ${goQuote(rest)} as "${name}"`);
    rest = rest.slice(match[0].length);
  }
  if (rest !== "") return { error: `parsing time ${goQuote(text)}: extra text: ${goQuote(rest)}` };

  const range = outOfRange(text);
  if (range !== undefined) return { error: `parsing time ${goQuote(text)}: ${range} out of range` };

  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  const utc = new Date(text.replace(/\.\d+/, "")).toISOString().slice(0, 19);
  return { text: type === "time" ? `${utc}Z` : `${utc}.${fraction.padEnd(6, "0").slice(0, 6)}Z` };
}

function outOfRange(text: string): string | undefined {
  const number = (from: number) => Number(text.slice(from, from + 2));
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), number(5), 0)).getUTCDate();
  if (number(5) < 1 || number(5) > 12) return "month";
  if (number(8) < 1 || number(8) > daysInMonth) return "day";
  if (number(11) > 23) return "hour";
  if (number(14) > 59) return "minute";
  if (number(17) > 59) return "second";
  return undefined;
}
