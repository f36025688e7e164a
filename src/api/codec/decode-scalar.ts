import { canonicalQuantity } from "../quantity.ts";
import type { Scalar, ScalarType } from "../schema.ts";
import { jsonDepth, jsonText } from "./json-text.ts";
import { parseTime } from "./time.ts";

/** A scalar in its stored form; or the JSON type it may not have; or what its own parser said. */
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
  int32: integer(2 ** 31),
  int64: (value, jsonType) => {
    const isExact = typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER || !Number.isInteger(value);
    if (isExact || Math.abs(value) >= 2 ** 63) return integer(2 ** 63)(value, jsonType);
    // The number has lost digits already: to refuse it is better than to store another one.
    return { error: `int64 values beyond 2^53 are not supported yet: ${BigInt(value)}` };
  },
  double: (value, jsonType) => (typeof value === "number" ? { value } : { mismatch: jsonType }),
  bytes: (value, jsonType) => (typeof value === "string" ? base64(value) : { mismatch: jsonType }),
  quantity,
  intOrString,
  time: (value, jsonType) => time("time", value, jsonType),
  microTime: (value, jsonType) => time("microTime", value, jsonType),
  json: (value) => (jsonDepth(value, VALUE_DEPTH_MAX) > VALUE_DEPTH_MAX ? { error: "exceeded max depth" } : { value }),
};

function integer(limit: number): Decoder {
  return (value, jsonType) => {
    if (typeof value !== "number") return { mismatch: jsonType };
    const fits = Number.isInteger(value) && value >= -limit && value < limit;
    return fits ? { value } : { mismatch: `number ${value}` };
  };
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
