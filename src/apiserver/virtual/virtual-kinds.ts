import type { SelfSubjectReview } from "@fairlead/api/authentication/v1/selfsubjectreview/selfsubjectreview";
import { selfSubjectReviewKind } from "@fairlead/api/authentication/v1/selfsubjectreview/selfsubjectreview";
import { tokenReviewKind } from "@fairlead/api/authentication/v1/tokenreview/tokenreview";
import { localSubjectAccessReviewKind } from "@fairlead/api/authorization/v1/localsubjectaccessreview/localsubjectaccessreview";
import { selfSubjectAccessReviewKind } from "@fairlead/api/authorization/v1/selfsubjectaccessreview/selfsubjectaccessreview";
import { selfSubjectRulesReviewKind } from "@fairlead/api/authorization/v1/selfsubjectrulesreview/selfsubjectrulesreview";
import { subjectAccessReviewKind } from "@fairlead/api/authorization/v1/subjectaccessreview/subjectaccessreview";
import { type Binding, bindingKind } from "@fairlead/api/core/v1/binding/binding";
import type { Kind } from "@fairlead/api/kind";
import { groupResourceOf, type KubeObject } from "@fairlead/api/resource-reference";
import type { User } from "../authn/authenticator.ts";
import type { TokenVerifier } from "../authn/token-verifier.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { RbacIndex } from "../authz/rbac-index.ts";
import { bindPod, type PodBindingOptions } from "../subresources/pods/pod-binding.ts";
import { localSubjectAccessReview, selfSubjectAccessReview, subjectAccessReview } from "./access-reviews.ts";
import { selfSubjectRulesReview } from "./self-subject-rules-review.ts";
import { tokenReview, userInfo } from "./token-review.ts";
import type { VirtualKind, VirtualKindOptions, VirtualKinds } from "./virtual-kind.ts";

/** What questions are answered from. */
export interface VirtualKindsOptions extends PodBindingOptions {
  readonly authorizer: Authorizer;
  readonly rbac: RbacIndex;
  readonly verifier: TokenVerifier;
  /** The API server's own audiences. */
  readonly audiences: readonly string[];
}

/** Every kind of object that is a question to the API server itself. */
export function virtualKinds(options: VirtualKindsOptions): VirtualKinds {
  const { authorizer, rbac, verifier, audiences } = options;
  return new Map([
    answering(subjectAccessReviewKind, (review) => subjectAccessReview(authorizer, review)),
    answering(localSubjectAccessReviewKind, (review) => localSubjectAccessReview(authorizer, review)),
    answering(selfSubjectAccessReviewKind, (review, user) => selfSubjectAccessReview(authorizer, review, user)),
    answering(selfSubjectRulesReviewKind, (review, user) => selfSubjectRulesReview(rbac, review, user)),
    answering(selfSubjectReviewKind, async (review, user) => selfSubjectReview(review, user)),
    answering(tokenReviewKind, (review) => tokenReview(verifier, audiences, review)),
    answering(bindingKind, (binding, _user, { dryRun }) => bind(options, binding, dryRun)),
  ]);
}

function selfSubjectReview(review: SelfSubjectReview, user: User): SelfSubjectReview {
  return { ...review, status: { userInfo: userInfo(user) } };
}

/** `POST .../bindings` is the old form of `POST .../pods/NAME/binding`. */
async function bind(options: PodBindingOptions, binding: Binding, dryRun: boolean): Promise<undefined> {
  const { namespace = "", name } = binding.metadata;
  await bindPod(options, binding, { namespace, name, dryRun });
}

function answering<T extends KubeObject>(
  kind: Kind<T>,
  answer: (object: T, user: User, options: VirtualKindOptions) => Promise<T | undefined>,
): [string, VirtualKind] {
  // The registry gives only decoded objects of the kind that the entry is for.
  return [groupResourceOf(kind), (object, user, options) => answer(object as T, user, options)];
}
