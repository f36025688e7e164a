import { deepEqual } from "@fairlead/api/deep-equal";
import { goQuote } from "@fairlead/api/go-quote";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { clusterRoleBindingKind } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import { roleKind } from "@fairlead/api/rbac/v1/role/role";
import type { RoleBinding } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { StatusError } from "@fairlead/api/status-error";
import type { Authorizer } from "../authz/authorizer.ts";
import { PRIVILEGED_GROUP } from "../authz/privileged-group-authorizer.ts";
import type { RbacIndex } from "../authz/rbac-index.ts";
import { quotedList, ruleText, uncoveredRules } from "../authz/rule-coverage.ts";
import { rulesFor } from "../authz/rules-for.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isOfKind } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/** The sources of what the user may do, and of the rights that the user holds. */
export interface RbacEscalationOptions {
  readonly authorizer: Authorizer;
  readonly rbac: RbacIndex;
}

/**
 * Refuses to grant rights that the user does not have, unless the user may `escalate` the role or `bind` to it.
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping)
 */
export function rbacEscalation(options: RbacEscalationOptions): AdmissionPlugin {
  return {
    name: "RBACEscalation",
    validate(request) {
      if (request.operation === "delete" || request.user.groups.includes(PRIVILEGED_GROUP)) return;
      if (isOnlyForGarbageCollection(request)) return;
      if (isOfKind(request, roleKind) || isOfKind(request, clusterRoleKind)) {
        // The kind says what the object is; a Role is a ClusterRole that does not aggregate.
        refuseRole(options, request as unknown as AdmissionRequest<ClusterRole>);
      } else if (isOfKind(request, roleBindingKind) || isOfKind(request, clusterRoleBindingKind)) {
        refuseBinding(options, request as unknown as AdmissionRequest<RoleBinding>);
      }
    },
  };
}

const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

function refuseRole(options: RbacEscalationOptions, request: AdmissionRequest<ClusterRole>): void {
  const { resource, object, user, namespace } = request;
  const name = request.name || object.metadata.name;
  const asked = { user, verb: "escalate", group: resource.group, version: resource.version, namespace, name };
  if (mayDo(options.authorizer, { ...asked, resource: resource.plural })) return;
  refuseUncovered(options.rbac, request, object.rules ?? []);
  // What an aggregated role will hold is not known yet.
  if (object.aggregationRule !== undefined) refuseUncovered(options.rbac, request, EVERYTHING);
}

function refuseBinding(options: RbacEscalationOptions, request: AdmissionRequest<RoleBinding>): void {
  const { object, user, namespace } = request;
  const { roleRef } = object;
  const resource = roleRef.kind === "Role" ? roleKind.plural : clusterRoleKind.plural;
  const asked = { user, verb: "bind", group: roleRef.apiGroup, version: "*", namespace, name: roleRef.name };
  if (mayDo(options.authorizer, { ...asked, resource })) return;
  const role = options.rbac.resolve({ namespace: namespace === "" ? undefined : namespace, roleRef });
  if ("missing" in role) throw new StatusError("NotFound", role.missing);
  refuseUncovered(options.rbac, request, role.rules);
}

type Asked = Pick<AdmissionRequest, "user" | "namespace" | "name"> & {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
};

function mayDo(authorizer: Authorizer, asked: Asked): boolean {
  return authorizer.authorize({ type: "resource", subresource: "", ...asked }).verdict === "allow";
}

function refuseUncovered(rbac: RbacIndex, request: AdmissionRequest, wanted: readonly PolicyRule[]): void {
  const { user } = request;
  const { rules, problems } = rulesFor(rbac, user, request.namespace);
  const missing = uncoveredRules(rules, wanted);
  if (missing.length === 0) return;
  const lines = [...new Set(missing.map(ruleText))].sort().join("\n");
  const unresolved = problems.length === 0 ? "" : `; resolution errors: [${problems.join(", ")}]`;
  throw forbidden(
    request,
    `user ${goQuote(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines}${unresolved}`,
  );
}

/** The garbage collector writes finalizers and owners, and grants no rights. */
function isOnlyForGarbageCollection({ object, previous }: AdmissionRequest): boolean {
  if (previous === undefined) return false;
  const withoutGarbageFields = ({ metadata, ...rest }: AdmissionRequest["object"]) => {
    const { finalizers: _f, ownerReferences: _o, managedFields: _m, resourceVersion: _r, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return deepEqual(withoutGarbageFields(object), withoutGarbageFields(previous));
}
