import { deepEqual } from "../../deep-equal.ts";
import type { FieldError } from "../../field-error.ts";
import { invalid, invalidFor, notSupported, required } from "../../field-error.ts";
import { dnsSubdomainProblems, pathSegmentProblems } from "../../names.ts";
import { type AnyBinding, RBAC_GROUP, type RoleRef, type Subject } from "./rules.ts";

/** Returns the errors of a RoleBinding (`namespaced`) or a ClusterRoleBinding. */
export function validateBinding(binding: AnyBinding, namespaced: boolean, previous?: AnyBinding): FieldError[] {
  const changed = previous !== undefined && !deepEqual(binding.roleRef, previous.roleRef);
  return [
    ...validateRoleRef(binding.roleRef, namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]),
    ...(binding.subjects ?? []).flatMap((subject, index) => validateSubject(subject, namespaced, `subjects[${index}]`)),
    ...(changed ? [invalid("roleRef", binding.roleRef, "cannot change roleRef")] : []),
  ];
}

function validateRoleRef({ apiGroup, kind, name }: RoleRef, kinds: readonly string[]): FieldError[] {
  return [
    ...(apiGroup === RBAC_GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [RBAC_GROUP])]),
    ...(kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)]),
    ...(name === "" ? [required("roleRef.name")] : invalidFor("roleRef.name", name, pathSegmentProblems(name))),
  ];
}

/** A ServiceAccount in a RoleBinding is of the binding's namespace when it names none. */
function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const { kind, apiGroup = "", name, namespace = "" } = subject;
  const nameErrors = name === "" ? [required(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      return [
        ...nameErrors,
        ...(name === "" ? [] : invalidFor(`${path}.name`, name, dnsSubdomainProblems(name))),
        ...(apiGroup === "" ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [""])]),
        ...(!namespaced && namespace === "" ? [required(`${path}.namespace`)] : []),
      ];
    case "User":
    case "Group":
      return [
        ...nameErrors,
        ...(apiGroup === RBAC_GROUP ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP])]),
      ];
    default:
      return [...nameErrors, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}
