/** Port of `/metrics`: that of kubeadm's CoreDNS, and of the Service under the name `metrics`. */
export const METRICS_PORT = 9153;

/** Where the DNS server of a node listens on the node's address, unless it is configured otherwise. */
export const OWN_PORTS = [
  { protocol: "udp", port: 53 },
  { protocol: "tcp", port: 53 },
  { protocol: "tcp", port: METRICS_PORT },
] as const;
