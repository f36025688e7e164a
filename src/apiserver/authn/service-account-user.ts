import type { User } from "./authenticator.ts";

/** The user that the pods of a service account are. */
export function serviceAccountUserName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The user of a service account, with the groups that every service account has. */
export function serviceAccountUser(
  account: { readonly namespace: string; readonly name: string; readonly uid: string },
  extra: User["extra"] = {},
): User {
  return {
    name: serviceAccountUserName(account.namespace, account.name),
    uid: account.uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`],
    extra,
  };
}
