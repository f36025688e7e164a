import { createHash } from "node:crypto";
import type { IPFamily } from "../pools/address.ts";
import type { CommunityValue } from "./parse-community.ts";
import type { AnnouncedPrefix, Session } from "./plan.ts";

const FAMILIES = ["IPv4", "IPv6"] as const;
const CHANNEL: Readonly<Record<IPFamily, string>> = { IPv4: "ipv4", IPv6: "ipv6" };
/** Characters of a peer's name in the name of its protocol: BIRD's names are shorter, and have no dots. */
const NAME_LENGTH = 16;

/** Pauses after a session has failed, from the first to the longest. BIRD's own are a minute and five. */
const ERROR_WAIT_SECONDS = "1, 30";

/** Pause between two attempts to reach a peer that has named none. BIRD's own is two minutes. */
const CONNECT_RETRY_SECONDS = 5;

export interface BirdConfigOptions {
  /** An IPv4 address: of sessions that have none of their own. */
  readonly routerId: string;
  readonly sessions: readonly Session[];
}

/**
 * Writes the configuration of a BIRD that announces prefixes and takes none, and leaves the kernel's routes alone.
 *
 * Prefixes are static routes without a next hop, so that BIRD announces its own address as the next hop.
 * (https://bird.network.cz/?get_doc&f=bird-6.html)
 */
export function birdConfig({ routerId, sessions }: BirdConfigOptions): string {
  const hasBfd = sessions.some(({ bfd }) => bfd !== undefined);
  return [
    "log stderr { warning, error, fatal, bug };",
    `router id ${routerId};`,
    "protocol device {}",
    ...(hasBfd ? ["protocol bfd {}"] : []),
    ...FAMILIES.flatMap((family) => staticRoutes(family, sessions)),
    ...sessions.flatMap(protocol),
    "",
  ].join("\n");
}

/** Returns what BIRD calls the session with a peer: the same as long as the peer has its name. */
export function protocolName(peer: string): string {
  return `p_${createHash("sha256").update(peer).digest("hex").slice(0, NAME_LENGTH)}`;
}

function staticRoutes(family: IPFamily, sessions: readonly Session[]): readonly string[] {
  const prefixes = new Set(sessions.flatMap((session) => prefixesOf(session, family)).map(({ prefix }) => prefix));
  const channel = CHANNEL[family];
  const routes = [...prefixes].toSorted().map((prefix) => `  route ${prefix} unreachable;`);
  return [`protocol static static_${channel} {`, `  ${channel};`, ...routes, "}"];
}

function protocol(session: Session): readonly string[] {
  const { name, families, sourceAddress, myASN, address, port, peerASN, password } = session;
  const own = protocolName(name);
  const optional = (line: string, value: unknown) => (value === undefined ? [] : [`  ${line};`]);
  return [
    ...families.flatMap((family) => exportFilter(own, family, session)),
    `protocol bgp ${own} {`,
    `  description "${name}";`,
    ...optional(`router id ${session.routerId}`, session.routerId),
    `  local ${sourceAddress === undefined ? "" : `${sourceAddress} `}as ${myASN};`,
    `  neighbor ${address} port ${port} ${typeof peerASN === "number" ? `as ${peerASN}` : peerASN};`,
    `  ${session.isMultiHop ? "multihop" : "direct"};`,
    ...optional(`hold time ${session.holdSeconds}`, session.holdSeconds),
    ...optional(`keepalive time ${session.keepaliveSeconds}`, session.keepaliveSeconds),
    `  connect delay time 1; connect retry time ${session.connectSeconds ?? CONNECT_RETRY_SECONDS};`,
    `  error wait time ${ERROR_WAIT_SECONDS};`,
    ...optional(`password "${password}"`, password),
    ...bfdLines(session),
    `  graceful restart ${session.hasGracefulRestart ? "on" : "aware"};`,
    ...families.map((family) => `  ${CHANNEL[family]} { import none; export filter ${filterName(own, family)}; };`),
    "}",
  ];
}

function bfdLines({ bfd }: Session): readonly string[] {
  if (bfd === undefined) return [];
  const { receiveMs, transmitMs, multiplier, isPassive } = bfd;
  const intervals = `min rx interval ${receiveMs} ms; min tx interval ${transmitMs} ms`;
  return [`  bfd { ${intervals}; multiplier ${multiplier}; passive ${isPassive ? "on" : "off"}; };`];
}

function exportFilter(own: string, family: IPFamily, session: Session): readonly string[] {
  const cases = prefixesOf(session, family).map((one) => {
    const settings = [
      ...(one.localPref === undefined ? [] : [`bgp_local_pref = ${one.localPref};`]),
      ...one.communities.map(addCommunity),
    ];
    return `  if net = ${one.prefix} then { ${[...settings, "accept;"].join(" ")} }`;
  });
  return [`filter ${filterName(own, family)} {`, ...cases, "  reject;", "}"];
}

function addCommunity(value: CommunityValue): string {
  const numbers = value.join(", ");
  return value.length === 2 ? `bgp_community.add((${numbers}));` : `bgp_large_community.add((${numbers}));`;
}

function filterName(own: string, family: IPFamily): string {
  return `to_${own}_${CHANNEL[family]}`;
}

function prefixesOf({ prefixes }: Session, family: IPFamily): readonly AnnouncedPrefix[] {
  return prefixes.filter((one) => one.family === family);
}
