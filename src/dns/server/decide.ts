import { type Answer, answer, answerUnknown, type Zone } from "../answer.ts";
import { isBelow, isBelowAny, type ServerConfig } from "../config/dns-config.ts";
import { answerFromHosts } from "../config/hosts.ts";
import type { Names } from "../names.ts";
import type { Question } from "../wire/message.ts";
import type { AnswerSource } from "./outcome.ts";

/** What a question gets: an answer, the start of a chain of aliases, or what other resolvers say. */
export type Decision =
  | (Exclude<Answer, { readonly do: "forward" }> & { readonly from: AnswerSource })
  | { readonly do: "forward" };

/** Decides who answers a question in its server block, in CoreDNS's order: `hosts`, `kubernetes`, `forward`. */
export function decide(
  question: Question,
  { hosts, kubernetes }: Pick<ServerConfig, "hosts" | "kubernetes">,
  names: Names,
  zone: Omit<Zone, "ttlSeconds" | "podNames" | "origin">,
): Decision {
  const { name } = question;
  const host = hosts === undefined ? undefined : answerFromHosts(question, hosts);
  if (host !== undefined) return { do: "reply", reply: host, from: host.authoritative ? "hosts" : "server" };
  const origin = kubernetes === undefined ? undefined : longestZone(name, kubernetes.zones);
  if (kubernetes === undefined || origin === undefined) return { do: "forward" };
  const { ttlSeconds, podNames, fallthrough } = kubernetes;
  const inZone = { ...zone, ttlSeconds, podNames, origin };
  const isPassedOn = isBelowAny(name, fallthrough);
  let given = answer(question, names, inZone);
  // An address without a name in the cluster.
  if (given.do === "forward" && !isPassedOn) given = answerUnknown(question, names, inZone);
  if (given.do === "forward") return given;
  if (isPassedOn && given.do === "reply" && given.reply.rcode === "NXDOMAIN") return { do: "forward" };
  return { ...given, from: given.reply.authoritative ? "kubernetes" : "server" };
}

function longestZone(name: string, zones: readonly string[]): string | undefined {
  let longest: string | undefined;
  for (const zone of zones) if (isBelow(name, zone) && zone.length > (longest?.length ?? -1)) longest = zone;
  return longest;
}
