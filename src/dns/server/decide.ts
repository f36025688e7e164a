import { type Answer, answer, type Zone } from "../answer.ts";
import { isBelowAny, type ServerConfig } from "../config/dns-config.ts";
import { answerFromHosts } from "../config/hosts.ts";
import type { Names } from "../names.ts";
import { CLASS_IN, type Question } from "../wire/message.ts";
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
  zone: Omit<Zone, "ttlSeconds" | "podNames">,
): Decision {
  const { name } = question;
  const host = hosts === undefined || question.class !== CLASS_IN ? undefined : answerFromHosts(question, hosts);
  if (host !== undefined) return { do: "reply", reply: host, from: host.authoritative ? "hosts" : "server" };
  if (kubernetes === undefined || !isBelowAny(name, kubernetes.zones)) return { do: "forward" };
  const { ttlSeconds, podNames, fallthrough } = kubernetes;
  const given = answer(question, names, { ...zone, ttlSeconds, podNames });
  const isPassedOn = isBelowAny(name, fallthrough);
  if (given.do === "forward") {
    // An address without a name in the cluster.
    if (isPassedOn) return given;
    return { do: "reply", reply: { rcode: "NXDOMAIN", authoritative: true, answers: [] }, from: "kubernetes" };
  }
  if (isPassedOn && given.do === "reply" && given.reply.rcode === "NXDOMAIN") return { do: "forward" };
  return { ...given, from: given.reply.authoritative ? "kubernetes" : "server" };
}
