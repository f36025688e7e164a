import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/** The three parts of a `resolv.conf`. */
export interface DnsSettings {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** How a pod resolves names. */
export interface PodDns extends DnsSettings {
  /** What was left out or replaced, for events of the pod. */
  readonly problems: readonly DnsProblem[];
}

/** Reason and message are upstream's. */
export interface DnsProblem {
  readonly reason: "DNSConfigForming" | "MissingClusterDNS";
  readonly message: string;
}

/** What `resolv.conf` may have of each: more is left out. */
const SERVERS_MAX = 3;
const SEARCHES_MAX = 32;
/** Of all search domains with the spaces between them. */
const SEARCHES_MAX_CHARACTERS = 2_048;
/** Longer search domains end some resolvers (glibc 2.28). */
const SEARCH_MAX_CHARACTERS = 253;

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
        ?.filter((domain) => domain !== ".")
        .map((domain) => domain.replace(/\.$/, "")) ?? [],
    options: valuesOf("options").flat(),
  };
}

/**
 * Returns how a pod resolves names, by its `dnsPolicy` and over that its `dnsConfig`, within the limits of resolvers.
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
): PodDns {
  const onNodeNetwork = spec.hostNetwork === true && spec.dnsPolicy === "ClusterFirst";
  const domains = [`${metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  const cluster: DnsSettings = {
    servers: clusterDNS,
    searches: [...domains, ...node.searches],
    options: ["ndots:5"],
  };
  const none: DnsSettings = { servers: [], searches: [], options: [] };
  const byPolicy = spec.dnsPolicy === "None" ? none : spec.dnsPolicy === "Default" || onNodeNetwork ? node : cluster;
  const isMissing = byPolicy === cluster && clusterDNS.length === 0;
  const { settings, problems } = withinLimits(withConfig(isMissing ? node : byPolicy, spec.dnsConfig));
  return { ...settings, problems: isMissing ? [missingClusterDns(metadata), ...problems] : problems };
}

function missingClusterDns({ name, namespace, uid }: Pod["metadata"]): DnsProblem {
  const why = `kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.`;
  return { reason: "MissingClusterDNS", message: `pod: "${name}_${namespace}(${uid})". ${why}` };
}

function withConfig(base: DnsSettings, config: Pod["spec"]["dnsConfig"]): DnsSettings {
  const options = new Map(base.options.map((option) => [option.split(":")[0] ?? "", option]));
  for (const { name = "", value } of config?.options ?? [])
    options.set(name, value === undefined || value === "" ? name : `${name}:${value}`);
  return {
    servers: distinct([...base.servers, ...(config?.nameservers ?? [])]),
    searches: distinct([...base.searches, ...(config?.searches ?? [])]),
    options: [...options.values()],
  };
}

function withinLimits(settings: DnsSettings): { settings: DnsSettings; problems: readonly DnsProblem[] } {
  const servers = settings.servers.slice(0, SERVERS_MAX);
  const searches = shortEnough(
    settings.searches.slice(0, SEARCHES_MAX).filter((search) => search.length <= SEARCH_MAX_CHARACTERS),
  );
  const problems: string[] = [];
  if (servers.length < settings.servers.length) {
    problems.push(
      `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(" ")}`,
    );
  }
  if (searches.length < settings.searches.length) {
    problems.push(
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(" ")}`,
    );
  }
  return {
    settings: { ...settings, servers, searches },
    problems: problems.map((message) => ({ reason: "DNSConfigForming", message })),
  };
}

/** As many from the front as fit into one line. */
function shortEnough(searches: readonly string[]): readonly string[] {
  let kept = searches;
  while (kept.join(" ").length > SEARCHES_MAX_CHARACTERS) kept = kept.slice(0, -1);
  return kept;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
