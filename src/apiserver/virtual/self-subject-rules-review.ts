import type {
  NonResourceRule,
  ResourceRule,
  SelfSubjectRulesReview,
} from "@fairlead/api/authorization/v1/selfsubjectrulesreview/selfsubjectrulesreview";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import { nodeIdentity } from "../authz/node-identity.ts";
import type { RbacIndex } from "../authz/rbac-index.ts";
import { rulesFor } from "../authz/rules-for.ts";

/** Lists what the user who asks may do in a namespace: `kubectl auth can-i --list`. */
export async function selfSubjectRulesReview(
  index: RbacIndex,
  review: SelfSubjectRulesReview,
  user: User,
): Promise<SelfSubjectRulesReview> {
  const namespace = review.spec.namespace ?? "";
  if (namespace === "") throw new StatusError("BadRequest", "no namespace on request");
  const { rules, problems } = rulesFor(index, user, namespace);
  const isNode = nodeIdentity(user) !== undefined;
  const errors = [...problems, ...(isNode ? ["node authorizer does not support user rule resolution"] : [])];
  return {
    ...review,
    status: {
      resourceRules: rules.flatMap(resourceRule),
      nonResourceRules: rules.flatMap(nonResourceRule),
      incomplete: errors.length > 0,
      ...(errors.length > 0 && { evaluationError: errors.join(", ") }),
    },
  };
}

function resourceRule({ verbs, apiGroups = [], resources = [], resourceNames = [] }: PolicyRule): ResourceRule[] {
  if (resources.length === 0) return [];
  return [{ verbs, apiGroups, resources, ...(resourceNames.length > 0 && { resourceNames }) }];
}

function nonResourceRule({ verbs, nonResourceURLs = [] }: PolicyRule): NonResourceRule[] {
  return nonResourceURLs.length === 0 ? [] : [{ verbs, nonResourceURLs }];
}
