import type { CacheConfig } from "../cache/cache-config.ts";
import type { ForwardOptions } from "../forward/forwarder.ts";
import type { Hosts } from "./hosts.ts";
import type { RewriteRule } from "./rewrite-name.ts";

/** Everything that people configure: what CoreDNS reads in a Corefile. */
export interface DnsConfig {
  /** The block with the longest zone of a name answers it; a name of no zone is refused. */
  readonly servers: readonly ServerConfig[];
}

/** One server block. Names are in lower case, without the trailing dot; the root is empty. */
export interface ServerConfig {
  readonly zones: readonly string[];
  /** In order. */
  readonly rewrites: readonly RewriteRule[];
  readonly hosts: Hosts | undefined;
  /** Undefined: this block does not answer the cluster's names. */
  readonly kubernetes: KubernetesConfig | undefined;
  /** The first one that matches is asked. */
  readonly forwards: readonly ForwardConfig[];
  /** Of answers of `forwards`. Undefined: none is kept. */
  readonly cache: CacheConfig | undefined;
  /** The first one that matches prints. */
  readonly logs: readonly LogConfig[];
  /** Whether upstreams are tried for a way back to this server. */
  readonly detectsLoops: boolean;
}

/** How the cluster's names are answered. */
export interface KubernetesConfig {
  /** The cluster's domain, and zones of addresses. */
  readonly zones: readonly string[];
  /** On every record, 0 to 3600. */
  readonly ttlSeconds: number;
  /** Whether `10-244-0-5.NAMESPACE.pod` is answered. */
  readonly podNames: boolean;
  /** Names below these that do not exist are passed on: to `forwards`. */
  readonly fallthrough: readonly string[];
}

/** Names that are forwarded, and where to. */
export interface ForwardConfig extends ForwardOptions {
  /** Names below it are forwarded, */
  readonly from: string;
  /** but for those below these. */
  readonly except: readonly string[];
}

/** Which queries are logged. */
export interface LogConfig {
  /** Of names below it. */
  readonly zone: string;
  /** Placeholders in braces: `{remote}`. */
  readonly format: string;
  /** Empty: all. */
  readonly classes: readonly LogClass[];
}

/** An answer; a name or type that does not exist; everything else. */
export type LogClass = "success" | "denial" | "error";

/** Returns the block that answers a name: the one with the longest zone that has it. */
export function serverOf(name: string, { servers }: DnsConfig): ServerConfig | undefined {
  let found: ServerConfig | undefined;
  let longest = -1;
  for (const server of servers) {
    for (const zone of server.zones) {
      if (zone.length <= longest || !isBelow(name, zone)) continue;
      found = server;
      longest = zone.length;
    }
  }
  return found;
}

/** Returns whether a name is a zone or below it. The root has every name. */
export function isBelow(name: string, zone: string): boolean {
  return zone === "" || name === zone || name.endsWith(`.${zone}`);
}

/** Returns whether a name is below one of the zones. */
export function isBelowAny(name: string, zones: readonly string[]): boolean {
  return zones.some((zone) => isBelow(name, zone));
}
