import { decodeResponse } from "../wire/decode-message.ts";
import { rcodes, recordTypes } from "../wire/message.ts";
import { decodeRecord } from "../wire/record.ts";

/** Longest time an answer from elsewhere is kept. kubeadm's CoreDNS has the same. */
const KEEP_SECONDS_MAX = 30;

/** How long a response may be kept, in seconds; 0 when it may not. */
export function keepSeconds(bytes: Uint8Array): number {
  const response = decodeResponse(bytes);
  if (response.truncated) return 0;
  if (response.rcode === rcodes.NOERROR && response.answers.length > 0) {
    return Math.min(KEEP_SECONDS_MAX, ...response.answers.map((record) => record.ttlSeconds));
  }
  if (response.rcode !== rcodes.NOERROR && response.rcode !== rcodes.NXDOMAIN) return 0;
  // How long something is known not to be there is said by the zone's SOA record (RFC 2308 §5).
  const soa = response.authority.find((record) => record.type === recordTypes.SOA);
  if (soa === undefined) return 0;
  const data = decodeRecord(bytes, soa);
  return data.type === "SOA" ? Math.min(KEEP_SECONDS_MAX, soa.ttlSeconds, data.negativeTtlSeconds) : 0;
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
