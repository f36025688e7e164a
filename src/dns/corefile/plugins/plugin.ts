import type { ServerConfig } from "../../config/dns-config.ts";
import type { Upstream } from "../../forward/upstream.ts";
import type { Directive } from "../parse-corefile.ts";

/** What the plan of a Corefile depends on besides its text. */
export interface CorefileContext {
  /** The cluster's domain: `cluster.local`. */
  readonly clusterDomain: string;
  /** What `/etc/resolv.conf` stands for: the node's name servers. */
  readonly nodeUpstreams: readonly Upstream[];
  /** The port of `/metrics`; false: it is not served. */
  readonly metricsPort: number | false;
}

/**
 * Reads one plugin: returns what it changes in its server block, as that is so far.
 *
 * @throws {CorefileError} for a mistake, and for what is not supported.
 */
export type ReadPlugin = (
  directive: Directive,
  server: ServerConfig,
  context: CorefileContext,
) => Partial<ServerConfig>;
