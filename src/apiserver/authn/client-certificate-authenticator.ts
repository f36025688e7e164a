import type { PeerCertificate } from "node:tls";
import {
  type CertificateValidity,
  certificateTimeProblem,
  certificateValidity,
} from "@fairlead/lib/certificate-time-problem";
import type { Clock } from "@fairlead/lib/clock";
import type { Authenticator, User } from "./authenticator.ts";

/** Names the credential in what admission and audit see, as upstream does. */
export const CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

/**
 * Takes the user's name from the common name of a verified client certificate and the groups from its organizations.
 *
 * A certificate that expired or that another authority signed is a failure. One without a common name says nothing. The
 * validity is checked for every request: connections outlive certificates. (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates)
 */
export function clientCertificateAuthenticator(clock: Pick<Clock, "now">): Authenticator {
  // A connection has one certificate for all of its requests.
  const holders = new WeakMap<PeerCertificate, Holder>();
  const holderOf = (certificate: PeerCertificate): Holder => {
    const known = holders.get(certificate);
    if (known !== undefined) return known;
    const holder = { validity: certificateValidity(certificate), user: userOf(certificate) };
    holders.set(certificate, holder);
    return holder;
  };
  return {
    async authenticate({ certificate, certificateError }) {
      const holder = certificate && holderOf(certificate);
      const problem = certificateError ?? (holder && certificateTimeProblem(holder.validity, clock.now()));
      if (problem !== undefined) return { failure: `verifying certificate failed: ${problem}` };
      return holder?.user;
    },
  };
}

/** What a certificate says. */
interface Holder {
  readonly validity: CertificateValidity;
  readonly user: User | undefined;
}

function userOf(certificate: PeerCertificate): User | undefined {
  const { CN, O }: { readonly CN?: string | string[]; readonly O?: string | string[] } = certificate.subject;
  const name = list(CN).at(-1) ?? "";
  if (name === "") return undefined;
  const fingerprint = certificate.fingerprint256?.replaceAll(":", "").toLowerCase();
  return {
    name,
    uid: "",
    groups: list(O),
    extra: fingerprint === undefined ? {} : { [CREDENTIAL_ID]: [`X509SHA256=${fingerprint}`] },
  };
}

/** Node gives a string for one value of a kind and an array for several. */
function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
