/**
 * The Ethernet address of the interface with this IPv4 address: the same each time the interface is recreated.
 *
 * Neighbours remember for up to a minute where an address was. A machine that came back under another Ethernet address
 * would not get them until then.
 *
 * @returns `02:fa:ac:1e:00:0b` for `172.30.0.11`: locally administered, and no group's.
 */
export function hardwareAddress(address: string): string {
  const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "fa", ...bytes].join(":");
}
