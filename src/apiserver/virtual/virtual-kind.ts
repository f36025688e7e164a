import type { KubeObject } from "../../api/kind.ts";
import type { User } from "../authn/authenticator.ts";

/**
 * Answers the creation of an object that is a question and is never stored, such as a SubjectAccessReview.
 *
 * Gets the decoded object, `metadata.namespace` set from the path, and answers it with its `status` filled in.
 * Throws {@link StatusError} to refuse. Validation of the kind has been done.
 */
export type VirtualKind = (object: KubeObject, user: User) => Promise<KubeObject>;

/** By group and resource, as RBAC names them: `tokenreviews.authentication.k8s.io`. */
export type VirtualKinds = ReadonlyMap<string, VirtualKind>;
