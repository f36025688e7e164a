import type { User } from "../authn/authenticator.ts";

/** The group of every kubelet. */
export const NODES_GROUP = "system:nodes";
const PREFIX = "system:node:";

/**
 * Which node's kubelet a user is: `undefined` for everybody who is not named `system:node:NAME` and in `system:nodes`.
 * A name alone proves nothing, and neither does the group: the certificate's organization makes a kubelet out of it.
 */
export function nodeIdentity(user: User): { readonly nodeName: string } | undefined {
  if (!user.groups.includes(NODES_GROUP) || !user.name.startsWith(PREFIX)) return undefined;
  return { nodeName: user.name.slice(PREFIX.length) };
}
