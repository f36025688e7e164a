import { goDurationNanos } from "@fairlead/api/formats/go-texts";
import type { BFDProfile } from "../kinds/bfd-profile.ts";
import type { BGPPeer, BGPPeerSpec } from "../kinds/bgp-peer.ts";
import { formatAddress, type IPFamily, parseAddress } from "../pools/address.ts";

/** Longest password that the kernel signs segments with, in bytes (tcp(7), TCP_MD5SIG). */
const PASSWORD_BYTES_MAX = 80;
/** Seconds that the protocol has room for (RFC 4271, section 4.2). */
const HOLD_TIME_MAX = 65_535;
const DEFAULT_PORT = 179;

/** A session with a router, as it is configured. */
export interface Peer {
  readonly name: string;
  readonly myASN: number;
  readonly peerASN: number | "internal" | "external";
  readonly address: string;
  readonly family: IPFamily;
  readonly port: number;
  readonly sourceAddress: string | undefined;
  readonly routerId: string | undefined;
  readonly isMultiHop: boolean;
  readonly holdSeconds: number | undefined;
  readonly keepaliveSeconds: number | undefined;
  readonly connectSeconds: number | undefined;
  readonly password: string | undefined;
  readonly bfd: Bfd | undefined;
  readonly hasGracefulRestart: boolean;
  /** Families of the prefixes that go over it. */
  readonly families: readonly IPFamily[];
}

/** Intervals are milliseconds. */
export interface Bfd {
  readonly receiveMs: number;
  readonly transmitMs: number;
  readonly multiplier: number;
  readonly isPassive: boolean;
}

/** What is known besides the peer. */
export interface PeerSurroundings {
  profile(name: string): BFDProfile | undefined;
  /** The password in a Secret, or why there is none. */
  passwordOf(secret: string): Password;
}

export type Password = { readonly password: string } | { readonly problem: string };

/** A peer that cannot be had as it is written. */
export class PeerProblem extends Error {}

/**
 * Reads a peer.
 *
 * @throws {PeerProblem} that says why not: in MetalLB's words, or that something is not there.
 */
export function readPeer({ metadata: { name }, spec }: BGPPeer, surroundings: PeerSurroundings): Peer {
  const { address, family } = addressOf(spec);
  const peerASN = peerASNOf(spec);
  if (peerASN === spec.myASN && spec.ebgpMultiHop === true) {
    throw new PeerProblem("invalid ebgp-multihop parameter set for an ibgp peer");
  }
  const { holdSeconds, keepaliveSeconds } = timersOf(spec);
  const own: readonly IPFamily[] = [family];
  return {
    name,
    myASN: spec.localASN ?? spec.myASN,
    peerASN,
    address,
    family,
    port: spec.peerPort ?? DEFAULT_PORT,
    sourceAddress: optionalAddress("source IP", spec.sourceAddress),
    routerId: routerIdOf(spec.routerID),
    isMultiHop: spec.ebgpMultiHop === true,
    holdSeconds,
    keepaliveSeconds,
    connectSeconds: spec.connectTime === undefined ? undefined : secondsOf("connectTime", spec.connectTime),
    password: passwordOf(name, spec, surroundings),
    bfd: bfdOf(name, spec.bfdProfile, surroundings),
    hasGracefulRestart: spec.enableGracefulRestart === true,
    families: spec.dualStackAddressFamily === true ? ["IPv4", "IPv6"] : own,
  };
}

function addressOf({ peerAddress = "", interface: device = "", vrf = "" }: BGPPeerSpec) {
  if (peerAddress === "" && device === "") throw new PeerProblem("peer has no Address or Interface specified");
  if (peerAddress !== "" && device !== "") throw new PeerProblem("peer has both Address and Interface specified");
  if (device !== "") throw new PeerProblem("interface is not supported: name the peer's peerAddress");
  if (vrf !== "") throw new PeerProblem("vrf is not supported: nodes have none");
  const address = parseAddress(peerAddress);
  if (address === undefined) throw new PeerProblem(`invalid BGPPeer address ${JSON.stringify(peerAddress)}`);
  return { address: formatAddress(address), family: address.family };
}

function peerASNOf({ myASN, peerASN = 0, dynamicASN }: BGPPeerSpec): Peer["peerASN"] {
  if (myASN === 0) throw new PeerProblem("missing local ASN");
  if (peerASN === 0 && dynamicASN === undefined) throw new PeerProblem("missing peer ASN and dynamicASN");
  if (peerASN !== 0 && dynamicASN !== undefined) throw new PeerProblem("both peer ASN and dynamicASN specified");
  return dynamicASN ?? peerASN;
}

/** One follows from the other: the protocol wants three keepalives in a hold time. */
function timersOf({ holdTime, keepaliveTime }: BGPPeerSpec): Pick<Peer, "holdSeconds" | "keepaliveSeconds"> {
  if (holdTime === undefined && keepaliveTime === undefined) {
    return { holdSeconds: undefined, keepaliveSeconds: undefined };
  }
  const kept = keepaliveTime === undefined ? undefined : secondsOf("keepaliveTime", keepaliveTime);
  const holdSeconds = holdTime === undefined ? 3 * (kept ?? 0) : secondsOf("holdTime", holdTime);
  const keepaliveSeconds = kept ?? Math.floor(holdSeconds / 3);
  const wrong = (text: string) => new PeerProblem(`invalid BGPPeer timers: ${text}`);
  if ((holdSeconds !== 0 && holdSeconds < 3) || holdSeconds > HOLD_TIME_MAX) {
    throw wrong(`invalid hold time ${JSON.stringify(holdTime ?? keepaliveTime)}: must be 0 or >=3s`);
  }
  if (keepaliveSeconds > holdSeconds) {
    throw wrong(`invalid keepaliveTime "${keepaliveTime}", must be lower than holdTime "${holdTime}"`);
  }
  return { holdSeconds, keepaliveSeconds };
}

function secondsOf(field: string, text: string): number {
  const nanos = goDurationNanos(text);
  if (nanos === undefined || nanos < 0n) throw new PeerProblem(`invalid ${field} ${JSON.stringify(text)}`);
  return Number(nanos / 1_000_000_000n);
}

function optionalAddress(what: string, text = ""): string | undefined {
  if (text === "") return undefined;
  const address = parseAddress(text);
  if (address === undefined) throw new PeerProblem(`invalid ${what} ${JSON.stringify(text)}`);
  return formatAddress(address);
}

function routerIdOf(text = ""): string | undefined {
  const id = optionalAddress("router ID", text);
  if (id?.includes(":")) throw new PeerProblem(`invalid router ID ${JSON.stringify(text)}: must be an IPv4 address`);
  return id;
}

function passwordOf(name: string, spec: BGPPeerSpec, { passwordOf: inSecret }: PeerSurroundings): string | undefined {
  const { password = "", passwordSecret: { name: secret = "" } = {} } = spec;
  if (password !== "" && secret !== "") {
    throw new PeerProblem(`can not have both password and secret ref set in peer config "${name}"`);
  }
  if (password === "" && secret === "") return undefined;
  const found: Password = secret === "" ? { password } : inSecret(secret);
  if ("problem" in found) throw new PeerProblem(found.problem);
  // Between quotes in the configuration, where nothing can be escaped.
  if (/["\n\r\0]/.test(found.password)) {
    throw new PeerProblem("the password must have neither quotes nor line ends");
  }
  if (Buffer.byteLength(found.password) > PASSWORD_BYTES_MAX) {
    throw new PeerProblem(`the password must not be longer than ${PASSWORD_BYTES_MAX} bytes`);
  }
  return found.password;
}

function bfdOf(name: string, profile = "", { profile: find }: PeerSurroundings): Bfd | undefined {
  if (profile === "") return undefined;
  const found = find(profile);
  if (found === undefined) throw new PeerProblem(`peer ${name} referencing non existing bfd profile ${profile}`);
  const { receiveInterval = 300, transmitInterval = 300, detectMultiplier = 3, passiveMode = false } = found.spec ?? {};
  return {
    ...{ receiveMs: receiveInterval, transmitMs: transmitInterval },
    ...{ multiplier: detectMultiplier, isPassive: passiveMode },
  };
}
