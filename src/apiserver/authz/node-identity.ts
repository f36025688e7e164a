import type { User } from "../authn/authenticator.ts";

/** The group of every kubelet. */
export const NODES_GROUP = "system:nodes";
const PREFIX = "system:node:";

/**
 * Which node's kubelet a user is: `undefined` for somebody else, an empty name for a member of `system:nodes`
 * whose name is not `system:node:NAME`.
 */
export function nodeIdentity(user: User): { readonly nodeName: string } | undefined {
  if (!user.groups.includes(NODES_GROUP)) {
    // A name alone proves nothing: the certificate's organization makes a kubelet.
    return undefined;
  }
  return { nodeName: user.name.startsWith(PREFIX) ? user.name.slice(PREFIX.length) : "" };
}
