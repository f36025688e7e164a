import { EvaluationProblem } from "../evaluation-problem.ts";
import { type CelType, DURATION, INT, STRING, TIMESTAMP } from "../type.ts";
import { type Duration, Timestamp } from "../value.ts";
import { member, type Overload } from "./overload.ts";

const NANOS_PER_MS = 1_000_000n;
const NANOS = 1_000_000_000n;
const MINUTE_MS = 60_000;

/** Returns the time that a text of RFC 3339 says; `undefined` for one that says none. */
export function parseTime(text: string): Timestamp | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = ""] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  // `Date` takes the 31st of a shorter month for a day of the next one.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isNaN(at) || !isDay || hour > "23") return undefined;
  const nanos = BigInt(at) * NANOS_PER_MS + BigInt(fraction.padEnd(9, "0").slice(0, 9));
  return new Timestamp(nanos, /^[+-]/.test(zone) ? zoneOffsetMs(at, zone) / MINUTE_MS : 0);
}

/** Returns a time as text of RFC 3339, its fraction as long as it has to be. */
export function timeText({ nanos, offsetMinutes }: Timestamp): string {
  const ms = floorDivide(nanos, NANOS_PER_MS) + BigInt(offsetMinutes * MINUTE_MS);
  const text = new Date(Number(ms)).toISOString().replace(/^\+00/, "");
  const fraction = String(((nanos % NANOS) + NANOS) % NANOS)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${text.slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}${zoneText(offsetMinutes)}`;
}

function zoneText(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "Z";
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return `${offsetMinutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}

/** The fields of a time, in UTC or in a zone: `+02:00`, `Europe/Berlin`. */
function localTime({ nanos }: Timestamp, zone: string | undefined): Date {
  const ms = Number(floorDivide(nanos, NANOS_PER_MS));
  return new Date(ms + (zone === undefined || zone === "" ? 0 : zoneOffsetMs(ms, zone)));
}

function zoneOffsetMs(ms: number, zone: string): number {
  const [, sign, hours, minutes] = /^([+-]?)(\d\d?):(\d\d)$/.exec(zone) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  }
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, offsetSign = "+", h = "0", m = "0", s = "0"] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
    return (offsetSign === "-" ? -1 : 1) * ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000;
  } catch {
    throw new EvaluationProblem(`unknown time zone ${zone}`);
  }
}

const DAY_MS = 86_400_000;

const FIELDS: readonly (readonly [name: string, id: string, read: (date: Date) => number])[] = [
  ["getFullYear", "year", (date) => date.getUTCFullYear()],
  ["getMonth", "month", (date) => date.getUTCMonth()],
  ["getDayOfYear", "day_of_year", (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / DAY_MS)],
  ["getDayOfMonth", "day_of_month", (date) => date.getUTCDate() - 1],
  ["getDate", "day_of_month_1_based", (date) => date.getUTCDate()],
  ["getDayOfWeek", "day_of_week", (date) => date.getUTCDay()],
  ["getHours", "hours", (date) => date.getUTCHours()],
  ["getMinutes", "minutes", (date) => date.getUTCMinutes()],
  ["getSeconds", "seconds", (date) => date.getUTCSeconds()],
  ["getMilliseconds", "milliseconds", (date) => date.getUTCMilliseconds()],
];

const OF_DURATIONS: ReadonlyMap<string, (nanos: bigint) => bigint> = new Map([
  ["getHours", (nanos) => nanos / (3_600n * NANOS)],
  ["getMinutes", (nanos) => nanos / (60n * NANOS)],
  ["getSeconds", (nanos) => nanos / NANOS],
  ["getMilliseconds", (nanos) => nanos / NANOS_PER_MS],
]);

/** What a time or a span of time is made of. */
export const times: readonly (readonly [string, readonly Overload[]])[] = FIELDS.map(([name, id, read]) => {
  const ofDuration = OF_DURATIONS.get(name);
  const zoned: readonly CelType[] = [TIMESTAMP, STRING];
  return [
    name,
    [
      member(`timestamp_to_${id}`, [TIMESTAMP], INT, (time: Timestamp) => BigInt(read(localTime(time, undefined)))),
      member(`timestamp_to_${id}_with_tz`, zoned, INT, (time: Timestamp, zone: string) =>
        BigInt(read(localTime(time, zone))),
      ),
      ...(ofDuration === undefined
        ? []
        : [member(`duration_to_${id}`, [DURATION], INT, ({ nanos }: Duration) => ofDuration(nanos))]),
    ],
  ];
});
