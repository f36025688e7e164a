import { addressOfReverseName, canonicalAddress } from "./reverse-name.ts";
import type { ServiceNames } from "./service-names.ts";

/** What the cluster's zone is answered from: changed one Service at a time, whatever their number. */
export interface Names {
  /** By `namespace/name`. */
  service(key: string): ServiceNames | undefined;
  /** The generation at which this Service was last changed; undefined when it is not there. */
  version(key: string): number | undefined;
  hasNamespace(name: string): boolean;
  /**
   * The full names that an address leads back to, by the address's own name (`4.3.2.1.in-addr.arpa`): that of the Service whose
   * ClusterIP it is, else those of endpoints.
   */
  reverse(name: string): readonly string[];
  /** Goes up with every change: an answer made at another generation may be out of date. */
  readonly generation: number;
}

export interface MutableNames extends Names {
  /** Undefined takes the Service out. */
  setService(key: string, names: ServiceNames | undefined): void;
  setNamespace(name: string, exists: boolean): void;
}

/** No names yet. `clusterDomain` is in lower case, without dots around it. */
export function createNames(clusterDomain: string): MutableNames {
  const services = new Map<string, { readonly names: ServiceNames; readonly version: number }>();
  const namespaces = new Set<string>();
  const clusterIPs = new Map<string, string[]>();
  const endpoints = new Map<string, string[]>();
  let generation = 0;

  return {
    service: (key) => services.get(key)?.names,
    version: (key) => services.get(key)?.version,
    hasNamespace: (name) => namespaces.has(name),
    reverse(name) {
      const address = addressOfReverseName(name);
      return address === undefined ? [] : (clusterIPs.get(address) ?? endpoints.get(address) ?? []);
    },
    get generation() {
      return generation;
    },

    setService(key, names) {
      const before = services.get(key)?.names;
      if (before === undefined && names === undefined) return;
      generation += 1;
      for (const [address, name] of clusterIPNames(before, clusterDomain)) remove(clusterIPs, address, name);
      for (const [address, name] of endpointNames(before, names, clusterDomain)) remove(endpoints, address, name);
      for (const [address, name] of clusterIPNames(names, clusterDomain)) add(clusterIPs, address, name);
      for (const [address, name] of endpointNames(names, before, clusterDomain)) add(endpoints, address, name);
      if (names === undefined) services.delete(key);
      else services.set(key, { names, version: generation });
    },

    setNamespace(name, exists) {
      if (namespaces.has(name) === exists) return;
      generation += 1;
      if (exists) namespaces.add(name);
      else namespaces.delete(name);
    },
  };
}

/** `name.namespace.svc.cluster.local`. */
export function serviceDomain(
  { name, namespace }: Pick<ServiceNames, "name" | "namespace">,
  clusterDomain: string,
): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

function* clusterIPNames(names: ServiceNames | undefined, clusterDomain: string): Iterable<readonly [string, string]> {
  if (names === undefined) return;
  for (const address of names.addresses) yield [canonicalAddress(address), serviceDomain(names, clusterDomain)];
}

/** Those of `names` that `others` does not have: one change of a large Service costs what has changed. */
function* endpointNames(
  names: ServiceNames | undefined,
  others: ServiceNames | undefined,
  clusterDomain: string,
): Iterable<readonly [string, string]> {
  if (names === undefined) return;
  const domain = serviceDomain(names, clusterDomain);
  const labels = new Map(others?.endpoints.map(({ address, label }) => [address, label]));
  for (const { address, label } of names.endpoints) {
    if (labels.get(address) !== label) yield [canonicalAddress(address), `${label}.${domain}`];
  }
}

function add(index: Map<string, string[]>, key: string, value: string): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}

function remove(index: Map<string, string[]>, key: string, value: string): void {
  const left = (index.get(key) ?? []).filter((v) => v !== value);
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}
