import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/** The three parts of a `resolv.conf`. */
export interface DnsSettings {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** What `resolv.conf` may have of each: more is cut off. */
const SERVERS_MAX = 3;
const SEARCHES_MAX = 32;

/** Reads a `resolv.conf`; what it does not know it skips, as the resolver does. */
export function parseResolvConf(text: string): DnsSettings {
  const lines = text
    .split("\n")
    .map((line) =>
      line
        .replace(/[#;].*/, "")
        .trim()
        .split(/\s+/),
    )
    .filter(([keyword]) => keyword !== "");
  const valuesOf = (keyword: string) => lines.filter(([first]) => first === keyword).map(([, ...values]) => values);
  return {
    servers: valuesOf("nameserver").flatMap(([server]) => server ?? []),
    searches:
      valuesOf("search")
        .at(-1)
        ?.filter((domain) => domain !== ".") ?? [],
    options: valuesOf("options").flat(),
  };
}

/**
 * How a pod resolves names, by its `dnsPolicy` and over that its `dnsConfig`.
 *
 * @param node - The node's own settings, for `Default` and for the search domains of the rest.
 */
export function podDns(
  { metadata, spec }: Pod,
  {
    node,
    clusterDNS,
    clusterDomain,
  }: {
    readonly node: DnsSettings;
    readonly clusterDNS: readonly string[];
    readonly clusterDomain: string;
  },
): DnsSettings {
  const onNodeNetwork = spec.hostNetwork === true && spec.dnsPolicy === "ClusterFirst";
  const domains = [`${metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  const cluster: DnsSettings = {
    servers: clusterDNS,
    searches: [...domains, ...node.searches],
    options: ["ndots:5"],
  };
  const none: DnsSettings = { servers: [], searches: [], options: [] };
  const byPolicy = spec.dnsPolicy === "None" ? none : spec.dnsPolicy === "Default" || onNodeNetwork ? node : cluster;
  const base = byPolicy === cluster && clusterDNS.length === 0 ? node : byPolicy;
  return withConfig(base, spec.dnsConfig);
}

function withConfig(base: DnsSettings, config: Pod["spec"]["dnsConfig"]): DnsSettings {
  const options = new Map(base.options.map((option) => [option.split(":")[0] ?? "", option]));
  for (const { name = "", value } of config?.options ?? [])
    options.set(name, value === undefined ? name : `${name}:${value}`);
  return {
    servers: distinct([...base.servers, ...(config?.nameservers ?? [])]).slice(0, SERVERS_MAX),
    searches: distinct([...base.searches, ...(config?.searches ?? [])]).slice(0, SEARCHES_MAX),
    options: [...options.values()],
  };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
