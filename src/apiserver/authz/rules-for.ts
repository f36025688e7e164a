import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import type { User } from "../authn/authenticator.ts";
import type { RbacIndex } from "./rbac-index.ts";

/** Returns every rule that RBAC grants a user, and why the list may be incomplete. */
export interface UserRules {
  readonly rules: readonly PolicyRule[];
  /** Roles that are bound but do not exist. */
  readonly problems: readonly string[];
}

/** The rules that hold for the user in `namespace`; with an empty `namespace`, everywhere. */
export function rulesFor(index: RbacIndex, user: User, namespace: string): UserRules {
  const rules: PolicyRule[] = [];
  const problems: string[] = [];
  for (const grant of index.grants(user, namespace)) {
    const role = index.resolve(grant);
    if ("missing" in role) problems.push(role.missing);
    else rules.push(...role.rules);
  }
  return { rules, problems };
}
