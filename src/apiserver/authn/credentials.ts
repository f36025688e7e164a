import type { IncomingHttpHeaders } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Credentials } from "./authenticator.ts";

type CertificateCredentials = Pick<Credentials, "certificate" | "certificateError">;

/** A connection's certificate does not change, and reading it is dear. */
const certificates = new WeakMap<TLSSocket, CertificateCredentials>();

/**
 * What a request brings along to say who it is from.
 *
 * The TLS server must have been made with `requestCert: true` and `rejectUnauthorized: false`, so that a bad certificate
 * is answered as an API error.
 */
export function credentialsOf(headers: IncomingHttpHeaders, socket: TLSSocket): Credentials {
  let certificate = certificates.get(socket);
  if (certificate === undefined) {
    certificate = certificateOf(socket);
    certificates.set(socket, certificate);
  }
  return { headers: singleHeaders(headers), ...certificate };
}

function certificateOf(socket: TLSSocket): CertificateCredentials {
  const certificate = socket.getPeerCertificate();
  // Node gives an empty object, or nothing, for a client without a certificate.
  if (certificate === null || certificate === undefined || Object.keys(certificate).length === 0) return {};
  return socket.authorized ? { certificate } : { certificateError: String(socket.authorizationError) };
}

function singleHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
