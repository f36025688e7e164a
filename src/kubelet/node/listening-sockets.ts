import { readKernelFile } from "@fairlead/lib/read-kernel-file";

/** A port at which a program of this network namespace waits for connections or packets. */
export interface ListeningSocket {
  readonly protocol: "TCP" | "UDP";
  /** `0.0.0.0` or `::` for all addresses. IPv6 is written in full: eight groups of four digits. */
  readonly address: string;
  readonly port: number;
}

const TABLES = [
  ["/proc/net/tcp", "TCP"],
  ["/proc/net/tcp6", "TCP"],
  ["/proc/net/udp", "UDP"],
  ["/proc/net/udp6", "UDP"],
] as const;
/** States of sockets that wait for other ends, in the kernel's numbers: TCP_LISTEN, and for UDP TCP_CLOSE. */
const WAITING = { TCP: "0A", UDP: "07" } as const;
const ALL_IPV6 = "0000:0000:0000:0000:0000:0000:0000:0000";

/** Returns all listening sockets of this process's network namespace. */
export function readListeningSockets(): readonly ListeningSocket[] {
  return TABLES.flatMap(([file, protocol]) => parseSockets(readKernelFile(file) ?? "", protocol));
}

/** Reads the listening sockets of a table like `/proc/net/tcp`, of a machine whose numbers have their lowest byte first. */
export function parseSockets(table: string, protocol: ListeningSocket["protocol"]): readonly ListeningSocket[] {
  const [, ...lines] = table.trim().split("\n");
  return lines.flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    return state === WAITING[protocol]
      ? [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16) }]
      : [];
  });
}

/** Addresses are written as numbers of 32 bits. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = bytes.join("").toLowerCase().match(/.{4}/g) ?? [];
  const address = groups.join(":");
  return address === ALL_IPV6 ? "::" : address;
}
