/** A resolver that knows the names of the world. */
export interface Upstream {
  readonly address: string;
  /** Default 53. */
  readonly port?: number;
}

/** The name servers of a resolv.conf(5), in order. */
export function upstreamsOf(resolvConf: string): Upstream[] {
  return resolvConf.split("\n").flatMap((line) => {
    const [keyword, address] = line.trim().split(/\s+/);
    return keyword === "nameserver" && address !== undefined ? [{ address }] : [];
  });
}
