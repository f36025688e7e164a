import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/** Longest host name of a pod, in characters. */
const HOST_NAME_MAX = 63;
/** Longest name that Linux keeps for a namespace (`nodename` of uname(2)), in characters. */
const KERNEL_NAME_MAX = 64;

/** The pod's own name, and the domain it is in when it names a subdomain. */
export interface PodHostname {
  readonly hostname: string;
  /** `web.shop.svc.cluster.local`; empty without a subdomain. */
  readonly domain: string;
}

/**
 * Returns the name of a pod in its own network: `spec.hostname`, or its name cut to what a host name may have. With
 * `spec.hostnameOverride` it is that, in no domain.
 */
export function podHostname({ metadata, spec }: Pod, clusterDomain: string): PodHostname {
  if (spec.hostnameOverride !== undefined) return { hostname: cut(spec.hostnameOverride), domain: "" };
  const domain =
    spec.subdomain === undefined || spec.subdomain === ""
      ? ""
      : `${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}`;
  const hostname = spec.hostname === undefined || spec.hostname === "" ? metadata.name : spec.hostname;
  return { hostname: cut(hostname), domain };
}

function cut(name: string): string {
  return name.length <= HOST_NAME_MAX ? name : name.slice(0, HOST_NAME_MAX).replace(/[-.]+$/, "");
}

/**
 * Returns the name for the kernel: fully qualified where the pod has `setHostnameAsFQDN`. A pod on the node's network has the node's.
 *
 * @throws {Error} when the qualified name is longer than the kernel takes.
 */
export function kernelHostname({ spec }: Pod, { hostname, domain }: PodHostname): string {
  if (spec.setHostnameAsFQDN !== true || spec.hostNetwork === true || domain === "") return hostname;
  const fqdn = `${hostname}.${domain}`;
  if (fqdn.length <= KERNEL_NAME_MAX) return fqdn;
  throw new Error(
    `failed to construct FQDN from pod hostname and cluster domain, FQDN ${fqdn} is too long (${KERNEL_NAME_MAX} characters is the max, ${fqdn.length} characters requested)`,
  );
}
