import { decodeResponse } from "../wire/decode-message.ts";
import { rcodes, recordTypes } from "../wire/message.ts";
import { decodeRecord } from "../wire/record.ts";

/** Longer responses are not kept: thousands of them would take the memory of the whole server. Few are longer than this. */
const KEEP_BYTES_MAX = 4_096;

/** How a response is cached: an answer, a name or type that does not exist, a failure; `none` is not cached. */
export type CacheClass = "success" | "denial" | "servfail" | "none";

/** The class of a response, and the TTL that it gives itself, in seconds; 0 for a failure, which has none. */
export interface Cacheable {
  readonly class: CacheClass;
  readonly ttlSeconds: number;
}

const NOT_CACHED: Cacheable = { class: "none", ttlSeconds: 0 };

/**
 * Returns how a response may be cached.
 *
 * The TTL of a negative answer is in the zone's SOA record (RFC 2308 §5); an alias that leads to nothing
 * has both. A negative answer without a SOA record is not cached.
 */
export function cacheable(bytes: Uint8Array): Cacheable {
  if (bytes.length > KEEP_BYTES_MAX) return NOT_CACHED;
  const response = decodeResponse(bytes);
  if (response.truncated) return NOT_CACHED;
  if (response.rcode === rcodes.SERVFAIL) return { class: "servfail", ttlSeconds: 0 };
  if (response.rcode !== rcodes.NOERROR && response.rcode !== rcodes.NXDOMAIN) return NOT_CACHED;
  const { answers, authority } = response;
  const negative = authority.flatMap((record) => {
    const data = record.type === recordTypes.SOA ? decodeRecord(bytes, record) : undefined;
    return data?.type === "SOA" ? [Math.min(data.ttlSeconds, data.negativeTtlSeconds)] : [];
  });
  const isNegative = response.rcode === rcodes.NXDOMAIN || answers.length === 0;
  if (isNegative && negative.length === 0) return NOT_CACHED;
  const ttls = [...answers.map((record) => record.ttlSeconds), ...negative];
  return { class: isNegative ? "denial" : "success", ttlSeconds: Math.min(...ttls) };
}

/**
 * Returns a copy of the response as it would be `ageSeconds` after it came: with TTLs that are shorter by that.
 *
 * @param ttlMax - No TTL is longer than this, in seconds.
 */
export function aged(bytes: Uint8Array, ageSeconds: number, ttlMax: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const { ttlOffset, ttlSeconds } of decodeResponse(bytes).records) {
    view.setUint32(ttlOffset, Math.min(ttlMax, Math.max(0, ttlSeconds - ageSeconds)));
  }
  return copy;
}
