/**
 * Reads a boolean of a query as the API's parameters are read: absent, `0` and `false` in any case are false, everything
 * else is true, the empty text among it.
 *
 * @param value - What `URLSearchParams.get` answers: `null` is an absent parameter.
 */
export function queryBoolean(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

/** What was read, or why it cannot be read, in the words of Go's standard library. */
export type QueryValue<T = number> = { readonly value: T | undefined } | { readonly error: string };

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Reads a 64-bit integer of a query as Go's `strconv.ParseInt` does, to base 10. An absent parameter is `undefined`; an
 * empty one is an error. A value beyond 2^53 is a bigint.
 */
export function queryInteger(value: string | null): QueryValue<number | bigint> {
  if (value === null) return { value: undefined };
  const parsing = `strconv.ParseInt: parsing ${JSON.stringify(value)}`;
  const digits = /^([+-]?)0*(\d+)$/.exec(value);
  if (digits === null) return { error: `${parsing}: invalid syntax` };
  // More digits than any 64-bit integer has are not worth converting.
  const [, sign = "", significant = ""] = digits;
  const number = significant.length > 19 ? undefined : BigInt(`${sign === "-" ? "-" : ""}${significant}`);
  if (number === undefined || number < INT64_MIN || number > INT64_MAX) {
    return { error: `${parsing}: value out of range` };
  }
  return { value: Number.isSafeInteger(Number(number)) ? Number(number) : number };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+\.?\d*|\.\d+)([^\d.]*)/y;

/** Reads a duration as Go's `time.ParseDuration` does: `1m30s`. Absent is `undefined`; the value is in milliseconds. */
export function queryDuration(value: string | null): QueryValue {
  if (value === null) return { value: undefined };
  const quoted = JSON.stringify(value);
  const sign = value.startsWith("-") ? -1 : 1;
  const text = value.replace(/^[+-]/, "");
  if (text === "0") return { value: 0 };
  let sum = 0;
  let at = 0;
  while (at < text.length || at === 0) {
    PART.lastIndex = at;
    const [part, amount = "", unit = ""] = PART.exec(text) ?? [];
    if (part === undefined) return { error: `time: invalid duration ${quoted}` };
    if (unit === "") return { error: `time: missing unit in duration ${quoted}` };
    const factor = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined;
    if (factor === undefined) return { error: `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}` };
    sum += Number(amount) * factor;
    at += part.length;
  }
  return { value: sign * sum };
}
