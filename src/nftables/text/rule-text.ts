import type { Action, Condition, IcmpMessage, Refusal, Rule } from "../words/rule.ts";
import type { Family } from "../words/ruleset.ts";
import { verdictValue } from "../words/verdict.ts";
import { fieldText, keyText, valuesText } from "./field-text.ts";

/** The rule as nft reads it: `ip saddr != @pod-cidrs meta mark set meta mark or 16384`. */
export function ruleText({ match, action, counter, comment }: Rule, family: Family): string {
  const words = [
    ...match.map((condition) => conditionText(condition, family)),
    ...(counter === true || action.do === "count" ? ["counter"] : []),
    ...(action.do === "count" ? [] : [actionText(action, family)]),
    ...(comment === undefined ? [] : [`comment ${commentText(comment)}`]),
  ];
  return words.join(" ");
}

/** The kernel's limit is 128 bytes with the end mark. */
const COMMENT = /^[\w .,:;/@()-]{1,127}$/;

/** @throws on a comment that nft could not read back. */
function commentText(comment: string): string {
  if (!COMMENT.test(comment)) throw new Error(`Not a comment of a rule: "${comment}"`);
  return `"${comment}"`;
}

function conditionText(condition: Condition, family: Family): string {
  const not = "not" in condition && condition.not === true ? "!= " : "";
  switch (condition.is) {
    case "connection":
      return `ct state ${condition.states.join(",")}`;
    case "translated":
      return "ct status dnat";
    case "marked":
      return `meta mark and ${condition.bits} != 0`;
    case "local":
      return `fib ${condition.field === "source address" ? "saddr" : "daddr"} type ${not}local`;
    case "loopback":
      return `${fieldText(condition.field, family)} ${not}${family === "ip" ? "127.0.0.0/8" : "::1"}`;
    case "icmp":
      return icmpText(condition.message, family);
    case "one of":
      return `${fieldText(condition.field, family)} ${not}${valuesText(condition.field, condition.values)}`;
    case "in set":
      return `${keyText(condition.key, family)} ${not}@${condition.set}`;
  }
}

/** @throws for a message that the family does not have. */
function icmpText(message: IcmpMessage, family: Family): string {
  switch (message) {
    case "port unreachable":
      return family === "ip"
        ? "icmp type destination-unreachable icmp code port-unreachable"
        : "icmpv6 type destination-unreachable icmpv6 code port-unreachable";
    case "echo request":
      return family === "ip" ? "icmp type echo-request" : "icmpv6 type echo-request";
    case "neighbor discovery":
      if (family === "ip") throw new Error("IPv4 has no neighbor discovery");
      return "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }";
  }
}

function actionText(action: Exclude<Action, { do: "count" }>, family: Family): string {
  switch (action.do) {
    case "jump":
    case "goto":
    case "accept":
    case "drop":
    case "return":
      return verdictValue(action);
    case "look up":
      return `${keyText(action.key, family)} vmap @${action.map}`;
    case "translate": {
      const port = `${action.protocol} dport`;
      const key = action.key.map((field) => (field === "destination port" ? port : fieldText(field, family)));
      return `dnat ${family} to ${key.join(" . ")} . numgen random mod ${action.count} map @${action.map}`;
    }
    case "translate to":
      return `dnat to ${endpointText(action.endpoint, family)}`;
    case "choose": {
      const verdicts = action.chains.map((chain, number) => `${number} : goto ${chain}`);
      return `numgen random mod ${action.chains.length} vmap { ${verdicts.join(", ")} }`;
    }
    case "remember":
      return `update @${action.set} { ${keyText(action.key, family)} }`;
    case "mark":
      return `meta mark set meta mark or ${action.bits}`;
    case "unmark":
      return `meta mark set meta mark and ${0xffff_ffff - action.bits}`;
    case "masquerade":
      return action.keepsPort === true ? "masquerade" : "masquerade fully-random";
    case "reject":
      return action.with === undefined ? "reject" : `reject with ${refusalText(action.with, family)}`;
    case "trace":
      return "meta nftrace set 1";
  }
}

function refusalText(refusal: Refusal, family: Family): string {
  switch (refusal) {
    case "tcp reset":
      return "tcp reset";
    case "port unreachable":
      return family === "ip" ? "icmp type port-unreachable" : "icmpv6 type port-unreachable";
    case "administratively prohibited":
      return family === "ip" ? "icmp type admin-prohibited" : "icmpv6 type admin-prohibited";
    case "no route":
      return family === "ip" ? "icmp type net-unreachable" : "icmpv6 type no-route";
  }
}

/** `10.244.1.7 . 80` as an address to translate to: `10.244.1.7:80`, `[fd00::7]:80`. */
function endpointText(endpoint: string, family: Family): string {
  const [address, port] = endpoint.split(" . ");
  return family === "ip" ? `${address}:${port}` : `[${address}]:${port}`;
}
