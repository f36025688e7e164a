import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import type { Caches } from "./caches.ts";
import type { ControllersOptions } from "./controllers-options.ts";

/** What a controller is started with. */
export interface ControllerContext {
  /** A client under that identity: `system:serviceaccount:kube-system:...`. */
  clientFor(identity: string): Client;
  /** The caches that the identity may read, of any resource. */
  cachesFor(identity: string): CacheSource;
  readonly caches: Caches;
  readonly options: ControllersOptions;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Starts one controller. It waits by itself for the caches it reads. */
export type StartController = (context: ControllerContext) => Running;

/** The user name of a controller's service account, as upstream names it: `endpoint-controller`, `node-controller`, ... */
export function controllerIdentity(name: string): string {
  return `system:serviceaccount:kube-system:${name}`;
}
