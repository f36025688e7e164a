import { isIPv6 } from "@fairlead/lib/ip-family";
/** An address of this machine's, as the kernel has it. */
export interface MachineAddress {
  /** Without a prefix: `172.30.0.11`. */
  readonly address: string;
  /** Length of its network's prefix, in bits. A pod's link has the full length: it has no other hosts. */
  readonly prefixLength: number;
  readonly device: string;
}

/** The addresses that this machine has now, and by which device it reaches the world. */
export interface MachineAddresses {
  readonly addresses: readonly MachineAddress[];
  /** The device of the default route, where there is one. */
  readonly defaultDevice: string | undefined;
}

/**
 * The addresses by which a machine is known to others: the wanted ones as long as it has them, in the place of one that it
 * has no longer the first other of the same family. `undefined` when there is none, or only for a moment.
 *
 * Upstream's kubelet looks up its address again whenever it reports its status, and takes that of the default route's device
 * (kubernetes.io, kubelet, `--node-ip`).
 */
export function ownAddresses(wanted: readonly string[], machine: MachineAddresses): readonly string[] | undefined {
  const has = new Set(machine.addresses.map(({ address }) => address));
  const found: string[] = [];
  for (const address of wanted) {
    const own = has.has(address) ? address : otherAddress(address, machine, [...wanted, ...found]);
    if (own === undefined) return undefined;
    found.push(own);
  }
  return found;
}

function otherAddress(
  gone: string,
  { addresses, defaultDevice }: MachineAddresses,
  taken: readonly string[],
): string | undefined {
  const all = addresses.filter(
    ({ address, prefixLength }) =>
      isIPv6(address) === isIPv6(gone) &&
      prefixLength < (isIPv6(address) ? 128 : 32) &&
      !isLocal(address) &&
      !taken.includes(address),
  );
  return (all.find(({ device }) => device === defaultDevice) ?? all[0])?.address;
}

/** Loopback and link-local addresses (RFC 1122 §3.2.1.3, RFC 3927, RFC 4291 §2.5): they are not reachable from other machines. */
function isLocal(address: string): boolean {
  return /^(127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i.test(address);
}
