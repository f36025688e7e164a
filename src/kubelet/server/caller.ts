import type { TLSSocket } from "node:tls";
import { certificateTimeProblem, certificateValidity } from "@fairlead/lib/certificate-time-problem";

/** Who asks, from a client certificate: the common name and the organizations. */
export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Decides who may use the endpoint. */
export interface CallerAuthorizer {
  /** @param path - Of the request, without its query. */
  authorize(caller: Caller, method: string, path: string): Promise<boolean> | boolean;
}

/** Allows the API server, and members of `system:masters`. */
export const apiServerOnly: CallerAuthorizer = {
  authorize: ({ name, groups }) => name === "kube-apiserver-kubelet-client" || groups.includes("system:masters"),
};

/**
 * @returns undefined without a certificate that the client CA signed, for one that has expired since the connection began,
 *   and for one without a common name.
 */
export function callerOf(socket: TLSSocket, nowMs: number): Caller | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerCertificate();
  if (certificateTimeProblem(certificateValidity(certificate), nowMs) !== undefined) return undefined;
  const { subject } = certificate;
  // Of several common names the last counts, as for the API server.
  const name = listed(subject?.CN).at(-1) ?? "";
  return name === "" ? undefined : { name, groups: listed(subject.O) };
}

/** Node gives several values of one field as an array, and types it as text. */
function listed(field: string | readonly string[] | undefined): readonly string[] {
  return field === undefined ? [] : typeof field === "string" ? [field] : field;
}
