import type { CacheSource } from "../client/cache/cache-source.ts";
import type { Client } from "../client/client.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Metrics } from "../lib/metrics.ts";
import type { Running } from "../lib/running.ts";
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
