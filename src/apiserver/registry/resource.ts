import type { Kind } from "@fairlead/api/kind";
import type { ResourceDefinition } from "@fairlead/api/resource-definition";
import type { User } from "../authn/authenticator.ts";
import type { Warn } from "../http/warnings.ts";
import type { OnDemandCache } from "../watch-cache/on-demand-cache.ts";
import type { ServedVersion } from "./served-version.ts";
import type { Strategy } from "./strategy.ts";
import type { WriteHook } from "./write-hook.ts";

/** A resource to serve, with what the server does not know of it by itself. */
export interface ServedDefinition extends ResourceDefinition, Pick<Resource, "checksShownVersion"> {
  /** Default: what the server's strategies say of the resource. */
  readonly strategy?: Strategy;
}

/** One resource as this server serves it. */
export interface Resource {
  /** The storage version: strategy, hook, cache and admission see objects in it. */
  readonly kind: Kind;
  /** The storage version as clients see it, which may be none of the served ones. */
  readonly stored: ServedVersion;
  /** The served versions by `apiVersion`. */
  readonly versions: ReadonlyMap<string, ServedVersion>;
  readonly cache: OnDemandCache;
  readonly strategy: Strategy;
  /** Objects are validated in the version in which they are written, as those of custom resources are. Default: as stored. */
  readonly checksShownVersion?: boolean;
  readonly hook: WriteHook;
}

/** Which object a write is about, and who writes it. */
export interface WriteTarget {
  readonly resource: Resource;
  /** The version in which the client writes. */
  readonly version: ServedVersion;
  readonly user: User;
  /** Empty for kinds without one. */
  readonly namespace: string;
  /** Empty on a create whose name is in the body. */
  readonly name: string;
  /** `""` for the object itself, `status`, or another part of it. */
  readonly subresource: string;
  /** Everything is checked, nothing is stored. */
  readonly dryRun: boolean;
  /** The client's options of the write, for admission. Default: none. */
  readonly options?: object;
  /** Warns the client, also of a write that is refused afterwards. */
  readonly warn: Warn;
  /** The manager that `metadata.managedFields` records for the write. Default `unknown`. */
  readonly writer?: string;
  /** A server-side apply, which has computed `metadata.managedFields` already. Default: the registry tracks the write. */
  readonly applies?: boolean;
}
