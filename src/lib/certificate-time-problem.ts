import type { PeerCertificate } from "node:tls";

/** When a certificate is valid, in milliseconds since the epoch, both ends included; NaN for a time that cannot be read. */
export interface CertificateValidity {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads the validity of a certificate. Takes as long as parsing a small body: callers keep the result. */
export function certificateValidity({
  valid_from,
  valid_to,
}: Pick<PeerCertificate, "valid_from" | "valid_to">): CertificateValidity {
  return { fromMs: Date.parse(valid_from), toMs: Date.parse(valid_to) };
}

/**
 * Returns why a certificate is not valid at `nowMs`, as OpenSSL names it, or `undefined` while it is valid. Both ends of the
 * validity are included (RFC 5280 section 4.1.2.5).
 *
 * Node verifies a certificate in the handshake alone. A connection, and TLS sessions that are resumed, can outlive it.
 */
export function certificateTimeProblem(
  { fromMs, toMs }: CertificateValidity,
  nowMs: number,
): "CERT_NOT_YET_VALID" | "CERT_HAS_EXPIRED" | undefined {
  if (!(nowMs >= fromMs)) return "CERT_NOT_YET_VALID";
  return nowMs <= toMs ? undefined : "CERT_HAS_EXPIRED";
}
