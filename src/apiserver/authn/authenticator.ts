import type { PeerCertificate } from "node:tls";

/** Who is asking: `authentication.k8s.io/v1` UserInfo with nothing left open. */
export interface User {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What an authenticator may look at. */
export interface Credentials {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The client's certificate, only when the TLS layer verified it against the client CA. That was in the first handshake:
   * it may have expired since.
   */
  readonly certificate?: PeerCertificate;
  /** Why the certificate that the client sent was not verified, for example that it has expired. */
  readonly certificateError?: string;
}

/** Why credentials that were given are no good; answered as 401. Without credentials there is no error, and no user. */
export interface AuthenticationFailure {
  readonly failure: string;
}

/** Turns credentials into a user. `undefined`: none of the credentials are of this authenticator's sort. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<User | AuthenticationFailure | undefined>;
}

/** The user of a request without credentials: may ask for health and version, and nothing else. */
export const anonymousUser: User = {
  name: "system:anonymous",
  uid: "",
  groups: ["system:unauthenticated"],
  extra: {},
};
