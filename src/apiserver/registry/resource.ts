import type { Kind } from "../../api/kind.ts";
import type { User } from "../authn/authenticator.ts";
import type { OnDemandCache } from "../watch-cache/on-demand-cache.ts";
import type { Splicer } from "./stored-object.ts";
import type { Strategy } from "./strategy.ts";
import type { WriteHook } from "./write-hook.ts";

/** One kind as this server serves it. */
export interface Resource {
  readonly kind: Kind;
  readonly cache: OnDemandCache;
  readonly splicer: Splicer;
  readonly strategy: Strategy;
  readonly hook: WriteHook;
}

/** Which object a write is about, and who writes it. */
export interface WriteTarget {
  readonly resource: Resource;
  readonly user: User;
  /** Empty for kinds without one. */
  readonly namespace: string;
  /** Empty on a create whose name is in the body. */
  readonly name: string;
  /** `""` for the object itself, or `status`. */
  readonly subresource: string;
  /** Everything is checked, nothing is stored. */
  readonly dryRun: boolean;
  /** The manager that `metadata.managedFields` records for the write. Default `unknown`. */
  readonly writer?: string;
  /** A server-side apply, which has computed `metadata.managedFields` already. Default: the registry tracks the write. */
  readonly applies?: boolean;
}
