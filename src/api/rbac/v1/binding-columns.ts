import type { Column } from "../../column.ts";
import { ageColumn, column, nameColumn, wideColumn } from "../../columns.ts";
import type { KubeObject } from "../../resource-reference.ts";
import type { RoleRef, Subject } from "./rules.ts";

/** What both kinds of binding have. */
interface Binding extends KubeObject {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | undefined;
}

/** What `kubectl get rolebindings` and `kubectl get clusterrolebindings` print. */
export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  column("Role", "Role that is given.", ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideColumn("Users", "Users who get it.", (binding) => subjectNames(binding, "User").join(", ")),
  wideColumn("Groups", "Groups that get it.", (binding) => subjectNames(binding, "Group").join(", ")),
  wideColumn("ServiceAccounts", "Service accounts that get it.", (binding) =>
    subjectNames(binding, "ServiceAccount").join(", "),
  ),
];

function subjectNames({ subjects = [] }: Binding, wanted: string): string[] {
  return subjects
    .filter(({ kind }) => kind === wanted)
    .map(({ name, namespace = "" }) => (wanted === "ServiceAccount" ? `${namespace}/${name}` : name));
}
