import type { Pod } from "@fairlead/api/core/v1/pod/pod";

const HOST_NAME_MAX = 63;

/** The pod's own name, and the domain it is in when it names a subdomain. */
export interface PodHostname {
  readonly hostname: string;
  /** `web.shop.svc.cluster.local`; empty without a subdomain. */
  readonly domain: string;
}

/** What a pod is called in its own network: `spec.hostname`, or its name cut to what a host name may have. */
export function podHostname({ metadata, spec }: Pod, clusterDomain: string): PodHostname {
  const cut = metadata.name.slice(0, HOST_NAME_MAX).replace(/[-.]+$/, "");
  const domain =
    spec.subdomain === undefined || spec.subdomain === ""
      ? ""
      : `${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}`;
  const hostname = spec.hostname === undefined || spec.hostname === "" ? cut : spec.hostname;
  return { hostname: spec.hostnameOverride ?? hostname, domain };
}

/** Returns the name for the kernel: fully qualified where the pod has `setHostnameAsFQDN`. */
export function kernelHostname(pod: Pod, { hostname, domain }: PodHostname): string {
  return pod.spec.setHostnameAsFQDN === true && domain !== "" ? `${hostname}.${domain}` : hostname;
}
