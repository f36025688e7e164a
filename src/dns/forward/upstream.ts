/** A resolver that knows the names of the world. */
export interface Upstream {
  readonly address: string;
  /** Default 53; 853 of TLS. */
  readonly port?: number;
  /** How it is asked. Default `udp`: truncated answers are asked again over TCP. */
  readonly transport?: Transport;
  /** The name in the server's certificate, for `tls`. Default: the certificate must hold the address. */
  readonly tlsServerName?: string;
}

/** Plain DNS over UDP or TCP (RFC 1035, RFC 7766), or over TLS (RFC 7858). */
export type Transport = "udp" | "tcp" | "tls";

/** The port of an upstream, also where it has none written. */
export function upstreamPort({ port, transport }: Upstream): number {
  return port ?? (transport === "tls" ? 853 : 53);
}

/** The name servers of a resolv.conf(5), in order. */
export function upstreamsOf(resolvConf: string): Upstream[] {
  return resolvConf.split("\n").flatMap((line) => {
    const [keyword, address] = line.trim().split(/\s+/);
    return keyword === "nameserver" && address !== undefined ? [{ address }] : [];
  });
}
