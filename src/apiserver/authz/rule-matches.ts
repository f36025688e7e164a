import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import type { Attributes, NonResourceAttributes, ResourceAttributes } from "./authorizer.ts";

/** Whether one RBAC rule allows what is asked. Rules only ever allow. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  return attributes.type === "resource" ? allowsResource(rule, attributes) : allowsPath(rule, attributes);
}

function allowsResource(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  return ruleAllowsSomeName(rule, attributes) && matchesName(rule.resourceNames ?? [], attributes.name);
}

/** Whether one RBAC rule allows what is asked for objects of some name, if not for the one that is asked for. */
export function ruleAllowsSomeName(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  return (
    includesOrAny(rule.verbs, attributes.verb) &&
    includesOrAny(rule.apiGroups ?? [], attributes.group) &&
    matchesResource(rule.resources ?? [], attributes.resource, attributes.subresource)
  );
}

function allowsPath(rule: PolicyRule, attributes: NonResourceAttributes): boolean {
  return includesOrAny(rule.verbs, attributes.verb) && matchesPath(rule.nonResourceURLs ?? [], attributes.path);
}

function includesOrAny(allowed: readonly string[], asked: string): boolean {
  return allowed.includes("*") || allowed.includes(asked);
}

/** `*` is every resource with every subresource; `*` + `/scale` is that subresource of every resource. */
export function matchesResource(allowed: readonly string[], resource: string, subresource: string): boolean {
  const asked = subresource === "" ? resource : `${resource}/${subresource}`;
  return includesOrAny(allowed, asked) || (subresource !== "" && allowed.includes(`*/${subresource}`));
}

function matchesName(allowed: readonly string[], name: string): boolean {
  return allowed.length === 0 || allowed.includes(name);
}

/** A star is only a wildcard at the end: `/healthz/*`. */
export function matchesPath(allowed: readonly string[], path: string): boolean {
  return allowed.some((url) => url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))));
}
