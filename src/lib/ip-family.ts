/** Whether an address or a range in CIDR notation is of IPv6. It is one of both: text that is neither is not recognized here. */
export function isIPv6(address: string): boolean {
  return address.includes(":");
}

/** Returns a host as it stands before a port or in a URL: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Returns `host:port`, an IPv6 address in brackets. */
export function hostPort(host: string, port: number | string): string {
  return `${bracketed(host)}:${port}`;
}
