import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import { dnsSubdomainProblems, pathSegmentProblems } from "../../../names.ts";
import type { RoleRef, Subject } from "../rules.ts";

const GROUP = "rbac.authorization.k8s.io";

/** What both kinds of binding have. */
interface Binding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | undefined;
}

/** The API groups that roles and subjects of their kind always have. */
export function withBindingDefaults<B extends Binding>(binding: B): B {
  const { roleRef, subjects } = binding;
  return {
    ...binding,
    roleRef: roleRef.apiGroup === "" ? { ...roleRef, apiGroup: GROUP } : roleRef,
    ...(subjects !== undefined && { subjects: subjects.map(withApiGroup) }),
  };
}

function withApiGroup(subject: Subject): Subject {
  const isOpen = (subject.apiGroup ?? "") === "" && (subject.kind === "User" || subject.kind === "Group");
  return isOpen ? { ...subject, apiGroup: GROUP } : subject;
}

/** Returns the errors of a RoleBinding (`namespaced`) or a ClusterRoleBinding. */
export function validateBinding(binding: Binding, namespaced: boolean, previous?: Binding): FieldError[] {
  const changed = previous !== undefined && !deepEqual(binding.roleRef, previous.roleRef);
  return [
    ...validateRoleRef(binding.roleRef, namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]),
    ...(binding.subjects ?? []).flatMap((subject, index) => validateSubject(subject, namespaced, `subjects[${index}]`)),
    ...(changed ? [invalid("roleRef", binding.roleRef, "cannot change roleRef")] : []),
  ];
}

function validateRoleRef({ apiGroup, kind, name }: RoleRef, kinds: readonly string[]): FieldError[] {
  return [
    ...(apiGroup === GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [GROUP])]),
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
      return [...nameErrors, ...(apiGroup === GROUP ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [GROUP])])];
    default:
      return [...nameErrors, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}
