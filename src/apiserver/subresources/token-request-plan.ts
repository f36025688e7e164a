import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { type FieldError, invalid } from "@fairlead/api/field-error";

/** Shorter ones would have to be fetched all the time. */
const LIFETIME_MIN_SECONDS = 600;
const LIFETIME_MAX_SECONDS = 2 ** 32;
/** What programs that never read their token again are given, as upstream does. */
const EXTENDED_LIFETIME_SECONDS = 365 * 24 * 60 * 60;

/** What is wrong with a TokenRequest for the service account `name`. */
export function tokenRequestErrors(
  { metadata, spec }: TokenRequest,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly FieldError[] {
  const named = metadata.name ?? "";
  const inNamespace = metadata.namespace ?? "";
  const seconds = spec.expirationSeconds;
  const path = "spec.expirationSeconds";
  return [
    ...(named !== "" && named !== name
      ? [invalid("metadata.name", named, "must match the service account name if specified")]
      : []),
    ...(inNamespace !== "" && inNamespace !== namespace
      ? [invalid("metadata.namespace", inNamespace, "must match the service account namespace if specified")]
      : []),
    ...(seconds < LIFETIME_MIN_SECONDS
      ? [invalid(path, seconds, "may not specify a duration less than 10 minutes")]
      : []),
    ...(seconds > LIFETIME_MAX_SECONDS
      ? [invalid(path, seconds, "may not specify a duration larger than 2^32 seconds")]
      : []),
  ];
}

/** How long a token is good, and from when on it is warned about. */
export interface TokenLifetime {
  readonly seconds: number;
  readonly warnAfterSeconds?: number;
}

/**
 * A token is good for as long as was asked; the one that admission mounts into every pod for a year, so that programs
 * which read it only once go on working.
 */
export function tokenLifetime(
  askedSeconds: number,
  { isBoundToPod, isForApiServer, automountedSeconds }: LifetimeReasons,
): TokenLifetime {
  if (!isBoundToPod || !isForApiServer || askedSeconds !== automountedSeconds) return { seconds: askedSeconds };
  return { seconds: EXTENDED_LIFETIME_SECONDS, warnAfterSeconds: askedSeconds };
}

/** What the lifetime of a token depends on. */
export interface LifetimeReasons {
  readonly isBoundToPod: boolean;
  /** Whether every audience is one of the API server's own. */
  readonly isForApiServer: boolean;
  /** The lifetime by which the automounted token is known. */
  readonly automountedSeconds: number;
}
