import type { PeerCertificate } from "node:tls";

/**
 * Returns why a certificate is not valid at `nowMs`, as OpenSSL names it, or `undefined` while it is valid. Both ends of the
 * validity are included (RFC 5280 section 4.1.2.5).
 *
 * Node verifies a certificate in the handshake alone. A connection, and TLS sessions that are resumed, can outlive it.
 */
export function certificateTimeProblem(
  { valid_from, valid_to }: Pick<PeerCertificate, "valid_from" | "valid_to">,
  nowMs: number,
): "CERT_NOT_YET_VALID" | "CERT_HAS_EXPIRED" | undefined {
  if (!(nowMs >= Date.parse(valid_from))) return "CERT_NOT_YET_VALID";
  return nowMs <= Date.parse(valid_to) ? undefined : "CERT_HAS_EXPIRED";
}
