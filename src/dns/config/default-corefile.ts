/** How long answers of the cluster are good for at first, in seconds: CoreDNS' default. */
export const DEFAULT_TTL_SECONDS = 5;

/**
 * Returns the Corefile that is in force when the cluster has none of its own: kubeadm's, but upstreams are asked in the order of
 * the node's resolv.conf, and no answer is kept for longer than its TTL.
 */
export function defaultCorefile(clusterDomain: string, ttlSeconds: number): string {
  return `.:53 {
    errors
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl ${ttlSeconds}
    }
    forward . /etc/resolv.conf {
        policy sequential
        max_concurrent 1000
    }
    cache {
        success 9984 30 0
        denial 9984 30 0
        servfail 0
    }
    loop
    reload
    loadbalance
}
`;
}
