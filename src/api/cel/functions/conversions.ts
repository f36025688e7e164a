import { isGoDuration } from "../../formats/go-texts.ts";
import { EvaluationProblem } from "../evaluation-problem.ts";
import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, listOf, mapType, param, STRING, TIMESTAMP, UINT } from "../type.ts";
import {
  type CelMap,
  type CelValue,
  type Duration,
  type Timestamp,
  TypeValue,
  typeNameOf,
  type Uint,
} from "../value.ts";
import { duration, int, timestamp, uint } from "./arithmetic.ts";
import { fn, member, type Overload } from "./overload.ts";
import { parseTime, timeText } from "./time.ts";

const A = param("A");
const B = param("B");
const NANOS = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: NANOS,
  m: 60n * NANOS,
  h: 3_600n * NANOS,
};

function conversionError(value: CelValue, target: string): EvaluationProblem {
  return new EvaluationProblem(`type conversion error from '${typeNameOf(value)}' to '${target}'`);
}

function intOfDouble(value: number): bigint {
  // Doubles next to the bounds are not exact: cel-go refuses them.
  if (!(value > -(2 ** 63) && value < 2 ** 63)) {
    throw new EvaluationProblem("integer overflow");
  }
  return int(BigInt(Math.trunc(value)));
}

function intOfText(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw conversionError(text, "int");
  return int(BigInt(text.replace("+", "")));
}

function uintOfDouble(value: number): Uint {
  if (!(value >= 0 && value < 2 ** 64)) throw new EvaluationProblem("unsigned integer overflow");
  return uint(BigInt(Math.trunc(value)));
}

function uintOfText(text: string): Uint {
  if (!/^\d+$/.test(text)) throw conversionError(text, "uint");
  return uint(BigInt(text));
}

function doubleOfText(text: string): number {
  if (/^[+-]?(?:inf|infinity)$/i.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) throw conversionError(text, "double");
  return Number(text);
}

/** Returns a double as Go prints it. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const text = String(value);
  const size = Math.abs(value);
  const exponential = size !== 0 && (size < 1e-4 || size >= 1e21) ? value.toExponential() : text;
  return exponential.replace(/e([+-])(\d)$/, "e$10$2");
}

function boolOfText(text: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  throw conversionError(text, "bool");
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new EvaluationProblem("invalid UTF-8 in bytes, cannot convert to string");
  }
}

/** Returns the duration that a text says, as Go writes them: `1h30m`. */
export function durationOfText(text: string): Duration {
  if (!isGoDuration(text)) throw conversionError(text, "google.protobuf.Duration");
  let nanos = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|[smh])/g,
  )) {
    const scale = UNITS[unit] ?? 0n;
    const digits = fraction.slice(0, 18);
    nanos +=
      BigInt(whole || "0") * scale + (digits === "" ? 0n : (BigInt(digits) * scale) / 10n ** BigInt(digits.length));
  }
  return duration(text.startsWith("-") ? -nanos : nanos);
}

function durationText({ nanos }: Duration): string {
  const sign = nanos < 0n ? "-" : "";
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = String(size % NANOS)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${sign}${size / NANOS}${fraction === "" ? "" : `.${fraction}`}s`;
}

function timeOfText(text: string): Timestamp {
  const time = parseTime(text);
  if (time === undefined) throw conversionError(text, "google.protobuf.Timestamp");
  return timestamp(time.nanos, time.offsetMinutes);
}

/** Characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

const size: readonly Overload[] = [fn, member].flatMap((declare, index) => {
  const prefix = index === 0 ? "size" : "";
  const id = (type: string) => (prefix === "" ? `${type}_size` : `${prefix}_${type}`);
  return [
    declare(id("bytes"), [BYTES], INT, (bytes: Uint8Array) => BigInt(bytes.length)),
    declare(id("list"), [listOf(A)], INT, (list: CelValue[]) => BigInt(list.length)),
    declare(id("map"), [mapType(A, B)], INT, (map: CelMap) => BigInt(map.size)),
    declare(id("string"), [STRING], INT, (text: string) => BigInt(lengthOf(text))),
  ];
});

const ints: readonly Overload[] = [
  fn("int64_to_int64", [INT], INT, (value: bigint) => value),
  fn("double_to_int64", [DOUBLE], INT, intOfDouble),
  fn("string_to_int64", [STRING], INT, intOfText),
  fn("timestamp_to_int64", [TIMESTAMP], INT, ({ nanos }: Timestamp) => floorDivide(nanos, NANOS)),
  fn("uint64_to_int64", [UINT], INT, ({ value }: Uint) => int(value)),
];

function floorDivide(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}

const strings: readonly Overload[] = [
  fn("string_to_string", [STRING], STRING, (text: string) => text),
  fn("bool_to_string", [BOOL], STRING, (value: boolean) => String(value)),
  fn("bytes_to_string", [BYTES], STRING, textOfBytes),
  fn("double_to_string", [DOUBLE], STRING, doubleText),
  fn("duration_to_string", [DURATION], STRING, durationText),
  fn("int64_to_string", [INT], STRING, (value: bigint) => String(value)),
  fn("timestamp_to_string", [TIMESTAMP], STRING, timeText),
  fn("uint64_to_string", [UINT], STRING, ({ value }: Uint) => String(value)),
];

/** Conversions between types, and `size`. */
export const conversions: readonly (readonly [string, readonly Overload[]])[] = [
  ["size", size],
  ["int", ints],
  [
    "uint",
    [
      fn("uint64_to_uint64", [UINT], UINT, (value: Uint) => value),
      fn("double_to_uint64", [DOUBLE], UINT, uintOfDouble),
      fn("int64_to_uint64", [INT], UINT, (value: bigint) => uint(value)),
      fn("string_to_uint64", [STRING], UINT, uintOfText),
    ],
  ],
  [
    "double",
    [
      fn("double_to_double", [DOUBLE], DOUBLE, (value: number) => value),
      fn("int64_to_double", [INT], DOUBLE, (value: bigint) => Number(value)),
      fn("string_to_double", [STRING], DOUBLE, doubleOfText),
      fn("uint64_to_double", [UINT], DOUBLE, ({ value }: Uint) => Number(value)),
    ],
  ],
  [
    "bool",
    [fn("bool_to_bool", [BOOL], BOOL, (value: boolean) => value), fn("string_to_bool", [STRING], BOOL, boolOfText)],
  ],
  ["string", strings],
  [
    "bytes",
    [
      fn("bytes_to_bytes", [BYTES], BYTES, (bytes: Uint8Array) => bytes),
      fn("string_to_bytes", [STRING], BYTES, (text: string) => new TextEncoder().encode(text)),
    ],
  ],
  [
    "duration",
    [
      fn("duration_to_duration", [DURATION], DURATION, (value: Duration) => value),
      fn("int64_to_duration", [INT], DURATION, (value: bigint) => duration(value)),
      fn("string_to_duration", [STRING], DURATION, durationOfText),
    ],
  ],
  [
    "timestamp",
    [
      fn("timestamp_to_timestamp", [TIMESTAMP], TIMESTAMP, (value: Timestamp) => value),
      fn("int64_to_timestamp", [INT], TIMESTAMP, (seconds: bigint) => timestamp(seconds * NANOS)),
      fn("string_to_timestamp", [STRING], TIMESTAMP, timeOfText),
    ],
  ],
  ["dyn", [fn("to_dyn", [A], DYN, (value: CelValue) => value)]],
  ["type", [fn("type", [A], { kind: "type", of: A }, (value: CelValue) => new TypeValue(typeNameOf(value)))]],
];
