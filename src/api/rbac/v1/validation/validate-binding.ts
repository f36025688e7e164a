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

/** What is wrong with a RoleBinding or, not namespaced, with a ClusterRoleBinding. */
export function validateBinding(binding: Binding, namespaced: boolean, previous?: Binding): FieldError[] {
  const changed = previous !== undefined && !deepEqual(binding.roleRef, previous.roleRef);
  return [
    ...(changed ? [invalid("roleRef", binding.roleRef, "cannot change roleRef")] : []),
    ...validateRoleRef(binding.roleRef, namespaced ? ["ClusterRole", "Role"] : ["ClusterRole"]),
    ...(binding.subjects ?? []).flatMap((subject, index) => validateSubject(subject, `subjects[${index}]`)),
  ];
}

function validateRoleRef({ apiGroup, kind, name }: RoleRef, kinds: readonly string[]): FieldError[] {
  return [
    ...(apiGroup === GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [GROUP])]),
    ...(kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)]),
    ...(name === "" ? [required("roleRef.name")] : invalidFor("roleRef.name", name, pathSegmentProblems(name))),
  ];
}

function validateSubject({ kind, apiGroup = "", name, namespace = "" }: Subject, path: string): FieldError[] {
  const nameErrors = name === "" ? [required(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      return [
        ...nameErrors,
        ...(name === "" ? [] : invalidFor(`${path}.name`, name, dnsSubdomainProblems(name))),
        ...(apiGroup === "" ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [""])]),
        ...(namespace === "" ? [required(`${path}.namespace`)] : []),
      ];
    case "User":
    case "Group":
      return [...nameErrors, ...(apiGroup === GROUP ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [GROUP])])];
    default:
      return [...nameErrors, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}
