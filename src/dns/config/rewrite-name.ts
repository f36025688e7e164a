import type { DnsRecord, Reply } from "../wire/message.ts";

/** A regular expression of RE2: Go's syntax, in linear time. */
export interface NamePattern {
  /** The whole match and its groups; undefined when the name does not match. */
  match(name: string): readonly string[] | undefined;
}

/**
 * A rule of CoreDNS's rewrite plugin for the name of the question. Texts are compared with names in lower case, with the
 * trailing dot.
 */
export interface RewriteRule {
  readonly from:
    | { readonly type: "exact" | "prefix" | "suffix" | "substring"; readonly text: string }
    | { readonly type: "regex"; readonly pattern: NamePattern };
  /** Of a regular expression: `{1}` stands for the first group. */
  readonly to: string;
  /** What comes after a match: the rules below, or none. */
  readonly next: "continue" | "stop";
  /** Rewrites names of records back to the name of the question. `exact` does so always. */
  readonly answerAuto: boolean;
  /** Rewrite the names of records of the answer. */
  readonly answerNames: readonly { readonly pattern: NamePattern; readonly to: string }[];
}

/** Rewrites one name in an answer, with the trailing dot. */
type NameMap = (name: string) => string;

/** A question's name after the rules, and how names in its answer are rewritten. */
export interface Rewritten {
  /** In lower case, without the trailing dot. */
  readonly name: string;
  /** Whether any rule matched. */
  readonly isRewritten: boolean;
  /** Applied to the names of records, in order. */
  readonly names: readonly NameMap[];
  /** Applied to the names in the data of records, in order. */
  readonly values: readonly NameMap[];
}

/** Applies the rules in order, up to the first one that matches and stops. */
export function rewriteName(name: string, rules: readonly RewriteRule[]): Rewritten {
  let current = `${name}.`;
  let isRewritten = false;
  const names: NameMap[] = [];
  const values: NameMap[] = [];
  for (const rule of rules) {
    const renamed = renamedBy(rule, current);
    if (renamed === undefined) continue;
    const back = backMap(rule, current, renamed);
    // Answers are rewritten in the reverse order of the rules.
    names.unshift(...(back === undefined ? [] : [back]), ...rule.answerNames.map(patternMap));
    if (back !== undefined) values.unshift(back);
    current = renamed;
    isRewritten = true;
    if (rule.next === "stop") break;
  }
  return { name: current.replace(/\.$/, ""), isRewritten, names, values };
}

function renamedBy({ from, to }: RewriteRule, name: string): string | undefined {
  switch (from.type) {
    case "exact":
      return name === from.text ? to : undefined;
    case "prefix":
      return name.startsWith(from.text) ? to + name.slice(from.text.length) : undefined;
    case "suffix":
      return name.endsWith(from.text) ? name.slice(0, -from.text.length) + to : undefined;
    case "substring":
      return name.includes(from.text) ? name.replaceAll(from.text, () => to) : undefined;
    case "regex": {
      const groups = from.pattern.match(name);
      return groups === undefined ? undefined : withGroups(to, groups);
    }
  }
}

function withGroups(to: string, groups: readonly string[]): string {
  const filled = groups.reduce((text, group, index) => text.replaceAll(`{${index}}`, () => group), to);
  return filled.endsWith(".") ? filled : `${filled}.`;
}

function backMap({ from, to, answerAuto }: RewriteRule, asked: string, renamed: string): NameMap | undefined {
  if (from.type !== "exact" && !answerAuto) return undefined;
  if (from.type === "suffix") {
    return (name) => (name.endsWith(to) ? name.slice(0, -to.length) + from.text : name);
  }
  return (name) => {
    if (name === renamed) return asked;
    return name.endsWith(`.${renamed}`) ? name.slice(0, -renamed.length) + asked : name;
  };
}

function patternMap({ pattern, to }: RewriteRule["answerNames"][number]): NameMap {
  return (name) => {
    const groups = pattern.match(name);
    return groups === undefined ? name : withGroups(to, groups);
  };
}

/** Returns the reply with the names of its records as the rules have them. */
export function rewriteReply(reply: Reply, { names, values }: Pick<Rewritten, "names" | "values">): Reply {
  if (names.length === 0 && values.length === 0) return reply;
  const all = (records: readonly DnsRecord[]) => records.map((record) => rewriteRecord(record, names, values));
  return {
    ...reply,
    answers: all(reply.answers),
    ...(reply.authority !== undefined && { authority: all(reply.authority) }),
    ...(reply.additional !== undefined && { additional: all(reply.additional) }),
  };
}

function rewriteRecord(record: DnsRecord, names: readonly NameMap[], values: readonly NameMap[]): DnsRecord {
  const name = applied(record.name, names);
  if ("target" in record) return { ...record, name, target: applied(record.target, values) };
  return { ...record, name };
}

function applied(name: string, maps: readonly NameMap[]): string {
  return maps.reduce((text, map) => map(text), `${name}.`).replace(/\.$/, "");
}
