import { type Int64, int64 } from "../int64.ts";
import { canonicalQuantity } from "../quantity.ts";
import type { Scalar, ScalarType } from "../schema.ts";
import { isJsonNumber } from "./json-number.ts";
import { jsonDepth, jsonText } from "./json-text.ts";
import { parseTime } from "./time.ts";

/** A scalar in its stored form; or the JSON type that it may not have; or the error of its own parser. */
export type DecodedScalar =
  | { readonly value: unknown }
  /** The value has the wrong JSON type. `shown` names it: `string`, `number 1.5`. */
  | { readonly mismatch: string }
  /** The whole message, which upstream shows without the field's path. */
  | { readonly error: string };

/** Checks one scalar and brings it into its stored form: quantities canonical, times in UTC. */
export function decodeScalar(schema: Scalar, value: unknown, jsonType: string): DecodedScalar {
  return decoders[schema.type](value, jsonType);
}

/** How deep a value of any shape may be nested: what stores and shows it is recursive. */
const VALUE_DEPTH_MAX = 1_000;

type Decoder = (value: unknown, jsonType: string) => DecodedScalar;

const decoders: Record<ScalarType, Decoder> = {
  string: (value, jsonType) => (typeof value === "string" ? { value } : { mismatch: jsonType }),
  bool: (value, jsonType) => (typeof value === "boolean" ? { value } : { mismatch: jsonType }),
  int32: (value, jsonType) => {
    const isInt32 = typeof value === "number" && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
    return isInt32 ? { value } : { mismatch: shownNumber(value, jsonType) };
  },
  int64: (value, jsonType) => {
    // Fast path: nearly all are.
    if (Number.isSafeInteger(value)) return { value };
    const integer = largeInteger(value);
    return integer === undefined ? { mismatch: shownNumber(value, jsonType) } : { value: integer };
  },
  double: (value, jsonType) => {
    const double = isJsonNumber(value) || typeof value === "bigint" ? Number(value) : value;
    return Number.isFinite(double) ? { value: double } : { mismatch: shownNumber(value, jsonType) };
  },
  bytes: (value, jsonType) => (typeof value === "string" ? base64(value) : { mismatch: jsonType }),
  quantity,
  intOrString,
  time: (value, jsonType) => time("time", value, jsonType),
  microTime: (value, jsonType) => time("microTime", value, jsonType),
  json: (value) => (jsonDepth(value, VALUE_DEPTH_MAX) > VALUE_DEPTH_MAX ? { error: "exceeded max depth" } : { value }),
};

/** What upstream's messages call a value that is no number of the wanted sort: a number with its digits. */
function shownNumber(value: unknown, jsonType: string): string {
  return jsonType === "number" ? `number ${String(value)}` : jsonType;
}

/** An integer beyond 2^53; `undefined` for one outside int64. A double comes from YAML and counts as Go writes it. */
function largeInteger(value: unknown): Int64 | undefined {
  if (typeof value === "bigint") return int64(value);
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  const digits = String(value);
  return /^-?\d+$/.test(digits) ? int64(BigInt(digits)) : undefined;
}

function quantity(value: unknown): DecodedScalar {
  const parsed = canonicalQuantity(typeof value === "string" ? value.trim() : jsonText(value));
  return "error" in parsed ? parsed : { value: parsed.text };
}

function intOrString(value: unknown, jsonType: string): DecodedScalar {
  if (typeof value === "string") return { value };
  const decoded = decoders.int32(value, jsonType);
  if (!("mismatch" in decoded)) return decoded;
  return { error: `json: cannot unmarshal ${decoded.mismatch} into Go value of type int32` };
}

function time(type: "time" | "microTime", value: unknown, jsonType: string): DecodedScalar {
  if (typeof value !== "string") return { error: `json: cannot unmarshal ${jsonType} into Go value of type string` };
  const parsed = parseTime(type, value);
  return "error" in parsed ? parsed : { value: parsed.text };
}

/** Standard alphabet with padding. Line breaks inside are taken out, as upstream's decoder skips them. */
function base64(text: string): DecodedScalar {
  const clean = text.replaceAll(/[\r\n]/g, "");
  const bad = clean.search(/[^A-Za-z0-9+/]/);
  const end = bad === -1 ? clean.length : bad;
  const padding = clean.slice(end);
  const wanted = ["", undefined, "==", "="][end % 4];
  if (padding === wanted) return { value: clean };

  const corruptAt = padding === "" || /^=+$/.test(padding) ? end - (end % 4) : end;
  return { error: `illegal base64 data at input byte ${corruptAt}` };
}
