import { type DnsConfig, type ServerConfig, serverOf } from "../config/dns-config.ts";
import { CorefileError } from "./corefile-error.ts";
import { type Directive, parseCorefile, type ServerBlock } from "./parse-corefile.ts";
import {
  readErrors,
  readHealth,
  readLoadbalance,
  readLoop,
  readPrometheus,
  readReady,
  readReload,
} from "./plugins/accepted.ts";
import { readCache } from "./plugins/cache.ts";
import { readForward } from "./plugins/forward.ts";
import { readHosts } from "./plugins/hosts.ts";
import { readKubernetes } from "./plugins/kubernetes.ts";
import { readLog } from "./plugins/log.ts";
import type { CorefileContext, ReadPlugin } from "./plugins/plugin.ts";
import { readRewrite } from "./plugins/rewrite.ts";
import { domainName, unsupported } from "./values.ts";
import type { Environment, Word } from "./words.ts";

/** A configuration, or everything that is wrong with the text, a line each: `3: …`. */
export type CorefilePlan = { readonly config: DnsConfig } | { readonly problems: readonly string[] };

const DNS_PORT = "53";
/** Problems that are reported at most. */
const PROBLEMS_MAX = 10;

const PLUGINS: ReadonlyMap<string, ReadPlugin> = new Map([
  ["cache", readCache],
  ["errors", readErrors],
  ["forward", readForward],
  ["health", readHealth],
  ["hosts", readHosts],
  ["kubernetes", readKubernetes],
  ["loadbalance", readLoadbalance],
  ["log", readLog],
  ["loop", readLoop],
  ["prometheus", readPrometheus],
  ["ready", readReady],
  ["reload", readReload],
  ["rewrite", readRewrite],
]);

/** Plans the configuration that a Corefile describes. Whatever is not supported is a problem, by name. */
export function planCorefile(
  text: string,
  context: CorefileContext & { readonly environment: Environment },
): CorefilePlan {
  const problems: string[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error;
      problems.push(`${error.line}: ${error.message}`);
      return undefined;
    }
  };
  const blocks = collect(() => parseCorefile(text, context.environment)) ?? [];
  const servers = blocks.map((block) => serverOfBlock(block, context, collect));
  if (problems.length === 0) collect(() => checkServers(blocks, servers, context));
  return problems.length > 0 ? { problems: problems.slice(0, PROBLEMS_MAX) } : { config: { servers } };
}

function serverOfBlock(
  { keys, directives }: ServerBlock,
  context: CorefileContext,
  collect: <T>(read: () => T) => T | undefined,
): ServerConfig {
  let server: ServerConfig = {
    zones: keys.flatMap((key) => collect(() => zoneOf(key)) ?? []),
    rewrites: [],
    hosts: undefined,
    kubernetes: undefined,
    forwards: [],
    cache: undefined,
    logs: [],
    detectsLoops: false,
  };
  for (const directive of directives) {
    server = { ...server, ...collect(() => readDirective(directive, server, context)) };
  }
  return server;
}

function readDirective(directive: Directive, server: ServerConfig, context: CorefileContext): Partial<ServerConfig> {
  const read = PLUGINS.get(directive.name);
  if (read !== undefined) return read(directive, server, context);
  const known = [...PLUGINS.keys()].join(", ");
  throw unsupported(`plugin "${directive.name}"`, directive.line, `remove it; supported are ${known}`);
}

/** `ZONE`, `ZONE:53` and `dns://ZONE:53`. */
function zoneOf({ text, line }: Word): string {
  const [, scheme = "dns", zone = "", port = DNS_PORT] = /^(?:([a-z0-9]+):\/\/)?([^:/]*)(?::(\d+))?$/.exec(text) ?? [];
  if (text.includes("/") && scheme === "dns" && zone === "") {
    throw unsupported(`zone "${text}"`, line, "write addresses as a name below in-addr.arpa or ip6.arpa");
  }
  if (scheme !== "dns") throw unsupported(`"${scheme}://" before a zone`, line, "this server answers over UDP and TCP");
  if (port !== DNS_PORT) throw unsupported(`port ${port}`, line, `this server listens on port ${DNS_PORT} alone`);
  return domainName(zone === "" ? text : zone, line);
}

/** What is true of all blocks together. */
function checkServers(
  blocks: readonly ServerBlock[],
  servers: readonly ServerConfig[],
  { clusterDomain }: CorefileContext,
): void {
  const seen = new Map<string, number>();
  for (const [index, { zones }] of servers.entries()) {
    const line = blocks[index]?.line ?? 1;
    for (const zone of zones) {
      const before = seen.get(zone);
      if (before !== undefined)
        throw new CorefileError(line, `the zone "${zone}." is in the block of line ${before}, too`);
      seen.set(zone, line);
    }
  }
  if (serverOf(clusterDomain, { servers })?.kubernetes?.zones.includes(clusterDomain) === true) return;
  throw new CorefileError(
    1,
    `no server block answers the cluster's names: add "kubernetes ${clusterDomain} in-addr.arpa ip6.arpa" to the block of "."`,
  );
}
