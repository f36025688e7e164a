import { goQuote } from "@fairlead/api/go-quote";
import type { User } from "../authn/authenticator.ts";
import type { ServedRequest } from "../http/body.ts";
import type { Warn } from "../http/warnings.ts";
import { type RequestedWriteOptions, writerOf } from "../http/write-options.ts";
import type { RegistryEnvironment } from "../registry/environment.ts";
import { badRequest } from "../registry/refusals.ts";
import type { Resource, WriteTarget } from "../registry/resource.ts";
import type { ServedVersion } from "../registry/served-version.ts";
import type { ResourceRequestInfo } from "../request-info.ts";

/** One authorized request for objects of one kind. */
export interface VerbRequest {
  readonly request: ServedRequest;
  readonly info: ResourceRequestInfo;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly resource: Resource;
  /** The version that the path names. */
  readonly version: ServedVersion;
  readonly environment: RegistryEnvironment;
  readonly warn: Warn;
  /** Aborted when the server stops. Its reason is the refusal for requests that still wait. */
  readonly stopping: AbortSignal;
  /** Aborted when the request has taken too long. `undefined` for watches and streams. */
  readonly overdue?: AbortSignal | undefined;
}

/** A resource version from a query: a revision, or `undefined` when it is not given. */
export function revisionOf(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  const refuse = (problem: string) =>
    badRequest(`Invalid value: ${goQuote(text)}: strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
  if (!/^\d+$/.test(text)) throw refuse("invalid syntax");
  // Where two doubles are one, no revision of the store is near.
  const revision = Number(text);
  const isUint64 = revision < 2 ** 64 || (revision === 2 ** 64 && BigInt(text) < 2n ** 64n);
  if (!isUint64) throw refuse("value out of range");
  return revision;
}

/** Returns what a write of this request is about. */
export function writeTarget(
  { request, info, resource, version, user, warn }: VerbRequest,
  options: RequestedWriteOptions,
): WriteTarget {
  return {
    resource,
    version,
    user,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource,
    dryRun: options.dryRun,
    options: options.given,
    writer: writerOf(request, options),
    warn,
  };
}
