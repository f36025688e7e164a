import type { Action, Condition, Family, LookupKey, Rule } from "../words/ruleset.ts";

/** Bit of the packet's mark that asks for masquerading: the one that upstream's components use. */
export const MASQUERADE_MARK = 0x4000;

const LOOPBACK = { ip: "127.0.0.0/8", ip6: "::1" } as const;

/** The rule as nft reads it: `ip saddr != @pod-cidrs meta mark set meta mark or 0x4000`. */
export function ruleText({ match, action }: Rule, family: Family): string {
  return [...match.map((condition) => conditionText(condition, family)), actionText(action, family)].join(" ");
}

function conditionText(condition: Condition, family: Family): string {
  switch (condition.is) {
    case "new connection":
      return "ct state new";
    case "stray":
      return "ct state invalid,untracked";
    case "translated":
      return "ct status dnat";
    case "marked":
      return `meta mark and ${MASQUERADE_MARK} != 0`;
    case "for this node":
      return `fib daddr type local ${family} daddr != ${LOOPBACK[family]}`;
    case "from this node":
      return `fib saddr type ${condition.not === true ? "!= " : ""}local`;
    case "protocol":
      return `meta l4proto ${condition.protocol}`;
    case "in set":
      return `${keyText(condition.key, family)} ${condition.not === true ? "!= " : ""}@${condition.set}`;
  }
}

function actionText(action: Action, family: Family): string {
  switch (action.do) {
    case "jump":
    case "goto":
      return `${action.do} ${action.chain}`;
    case "look up":
      return `${keyText(action.key, family)} vmap @${action.map}`;
    case "translate": {
      const port = `${action.protocol} dport`;
      const key = action.key === "frontend" ? `${family} daddr . ${port}` : port;
      return `dnat ${family} to ${key} . numgen random mod ${action.count} map @${action.map}`;
    }
    case "translate to":
      return `dnat to ${endpointText(action.endpoint, family)}`;
    case "choose": {
      const verdicts = action.chains.map((chain, number) => `${number} : goto ${chain}`);
      return `numgen random mod ${action.chains.length} vmap { ${verdicts.join(", ")} }`;
    }
    case "remember source":
      return `update @${action.set} { ${family} saddr }`;
    case "mark":
      return `meta mark set meta mark or ${MASQUERADE_MARK}`;
    case "unmark":
      return `meta mark set meta mark and ${0xffff_ffff - MASQUERADE_MARK}`;
    case "masquerade":
      return "masquerade fully-random";
    case "reset":
      return "reject with tcp reset";
    case "reject":
    case "drop":
      return action.do;
  }
}

function keyText(key: LookupKey, family: Family): string {
  const nodePort = "meta l4proto . th dport";
  switch (key) {
    case "source":
      return `${family} saddr`;
    case "destination":
      return `${family} daddr`;
    case "node port":
      return nodePort;
    case "frontend":
      return `${family} daddr . ${nodePort}`;
    case "source and destination":
      return `${family} saddr . ${family} daddr`;
    case "source and frontend":
      return `${family} saddr . ${family} daddr . ${nodePort}`;
  }
}

/** `10.244.1.7 . 80` as an address to translate to: `10.244.1.7:80`, `[fd00::7]:80`. */
function endpointText(endpoint: string, family: Family): string {
  const [address, port] = endpoint.split(" . ");
  return family === "ip" ? `${address}:${port}` : `[${address}]:${port}`;
}
