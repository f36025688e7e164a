import type { KubeObject } from "@fairlead/api/resource-reference";
import type { User } from "../authn/authenticator.ts";
import type { RequestedWriteOptions } from "../http/write-options.ts";

/**
 * Answers the creation of an object that is a question and is never stored, such as a SubjectAccessReview.
 *
 * Gets the decoded object, `metadata.namespace` set from the path, and answers it with its `status` filled in, or `undefined`
 * when there is nothing to show but that it was done. Throws {@link StatusError} to refuse. Validation of the kind has been
 * done. A dry run of what changes other objects changes nothing.
 */
export type VirtualKind = (
  object: KubeObject,
  user: User,
  options: VirtualKindOptions,
) => Promise<KubeObject | undefined>;

/** What the query of the creation says. */
export type VirtualKindOptions = Pick<RequestedWriteOptions, "dryRun">;

/** By group and resource, as RBAC names them: `tokenreviews.authentication.k8s.io`. */
export type VirtualKinds = ReadonlyMap<string, VirtualKind>;
