import { goQuote } from "@fairlead/api/go-quote";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { matchesPath } from "./rule-matches.ts";

/**
 * What `wanted` allows and `held` does not, in as few rules as is readable: those that differ only in their verbs are one.
 * Empty when everything is covered.
 */
export function uncoveredRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const missing = wanted.flatMap(breakDown).filter((rule) => !held.some((other) => covers(other, rule)));
  return joinVerbs(missing);
}

/** As upstream prints a rule in its refusals: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
export function ruleText(rule: PolicyRule): string {
  const parts: [string, readonly string[]][] = [
    ["APIGroups", rule.apiGroups ?? []],
    ["Resources", rule.resources ?? []],
    ["NonResourceURLs", rule.nonResourceURLs ?? []],
    ["ResourceNames", rule.resourceNames ?? []],
    ["Verbs", rule.verbs],
  ];
  return `{${parts.flatMap(([name, values]) => (values.length === 0 ? [] : [`${name}:${quotedList(values)}`])).join(", ")}}`;
}

/** Go's `%q` of a list of strings: `["a" "b"]`. */
export function quotedList(values: readonly string[]): string {
  return `[${values.map((value) => goQuote(value)).join(" ")}]`;
}

/** One rule for each single thing that a rule allows. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const forResources = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) => rule.verbs.flatMap((verb) => singles(rule, group, resource, verb))),
  );
  const forPaths = (rule.nonResourceURLs ?? []).flatMap((url) =>
    rule.verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  return [...forResources, ...forPaths];
}

function singles(rule: PolicyRule, group: string, resource: string, verb: string): PolicyRule[] {
  const single = { verbs: [verb], apiGroups: [group], resources: [resource] };
  const names = rule.resourceNames ?? [];
  return names.length === 0 ? [single] : names.map((name) => ({ ...single, resourceNames: [name] }));
}

function covers(held: PolicyRule, single: PolicyRule): boolean {
  const all = (allowed: readonly string[] = [], asked: readonly string[] = []) =>
    allowed.includes("*") || asked.every((one) => allowed.includes(one));
  if (!all(held.verbs, single.verbs)) return false;
  if (single.nonResourceURLs !== undefined) {
    return single.nonResourceURLs.every((url) => matchesPath(held.nonResourceURLs ?? [], url));
  }
  return (
    all(held.apiGroups, single.apiGroups) &&
    (single.resources ?? []).every((resource) => coversResource(held.resources ?? [], resource)) &&
    coversNames(held.resourceNames ?? [], single.resourceNames ?? [])
  );
}

/** `*` + `/status` covers `pods/status`. */
function coversResource(held: readonly string[], resource: string): boolean {
  if (held.includes("*") || held.includes(resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && held.includes(`*${resource.slice(slash)}`);
}

/** A rule without names is about all names, which no list of names covers. */
function coversNames(held: readonly string[], wanted: readonly string[]): boolean {
  if (held.length === 0) return true;
  return wanted.length > 0 && wanted.every((name) => held.includes(name));
}

function joinVerbs(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const joined = new Map<string, PolicyRule>();
  for (const { verbs, ...rest } of rules) {
    const key = JSON.stringify(rest);
    const before = joined.get(key)?.verbs ?? [];
    joined.set(key, { ...rest, verbs: [...new Set([...before, ...verbs])] });
  }
  return [...joined.values()];
}
