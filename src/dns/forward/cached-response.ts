import { decodeResponse } from "../wire/decode-message.ts";
import { rcodes, recordTypes } from "../wire/message.ts";
import { decodeRecord } from "../wire/record.ts";

/** Longest time an answer from elsewhere is kept. kubeadm's CoreDNS has the same. */
const KEEP_SECONDS_MAX = 30;

/** Longer responses are not kept: thousands of them would take the memory of the whole server. Few are longer than this. */
const KEEP_BYTES_MAX = 4_096;

/**
 * How long a response may be kept, in seconds; 0 when it may not.
 *
 * The TTL of a negative answer is in the zone's SOA record (RFC 2308 §5); an alias that leads to nothing
 * has both. A response without either is not kept.
 */
export function keepSeconds(bytes: Uint8Array): number {
  if (bytes.length > KEEP_BYTES_MAX) return 0;
  const response = decodeResponse(bytes);
  if (response.truncated) return 0;
  if (response.rcode !== rcodes.NOERROR && response.rcode !== rcodes.NXDOMAIN) return 0;
  const { answers, authority } = response;
  const negative = authority.flatMap((record) => {
    const data = record.type === recordTypes.SOA ? decodeRecord(bytes, record) : undefined;
    return data?.type === "SOA" ? [Math.min(data.ttlSeconds, data.negativeTtlSeconds)] : [];
  });
  const isNegative = response.rcode === rcodes.NXDOMAIN || answers.length === 0;
  if (isNegative && negative.length === 0) return 0;
  return Math.min(KEEP_SECONDS_MAX, ...answers.map((record) => record.ttlSeconds), ...negative);
}

/** A copy of the response as it would be `ageSeconds` after it came: with times to live that are shorter by that. */
export function aged(bytes: Uint8Array, ageSeconds: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const { ttlOffset, ttlSeconds } of decodeResponse(bytes).records) {
    view.setUint32(ttlOffset, Math.max(0, ttlSeconds - ageSeconds));
  }
  return copy;
}
