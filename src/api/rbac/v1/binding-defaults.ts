import { type AnyBinding, RBAC_GROUP, type Subject } from "./rules.ts";

/** The API groups that roles and subjects of their kind always have. */
export function withBindingDefaults<B extends AnyBinding>(binding: B): B {
  const { roleRef, subjects } = binding;
  return {
    ...binding,
    roleRef: roleRef.apiGroup === "" ? { ...roleRef, apiGroup: RBAC_GROUP } : roleRef,
    ...(subjects !== undefined && { subjects: subjects.map(withApiGroup) }),
  };
}

function withApiGroup(subject: Subject): Subject {
  const isOpen = (subject.apiGroup ?? "") === "" && (subject.kind === "User" || subject.kind === "Group");
  return isOpen ? { ...subject, apiGroup: RBAC_GROUP } : subject;
}
