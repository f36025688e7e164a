import type { SubjectAccessReviewStatus } from "@fairlead/api/authorization/v1/attributes";
import {
  type LocalSubjectAccessReview,
  localSubjectAccessReviewKind,
} from "@fairlead/api/authorization/v1/localsubjectaccessreview/localsubjectaccessreview";
import {
  type SelfSubjectAccessReview,
  selfSubjectAccessReviewKind,
} from "@fairlead/api/authorization/v1/selfsubjectaccessreview/selfsubjectaccessreview";
import {
  type SubjectAccessReview,
  type SubjectAccessReviewSpec,
  subjectAccessReviewKind,
} from "@fairlead/api/authorization/v1/subjectaccessreview/subjectaccessreview";
import { type FieldError, invalid } from "@fairlead/api/field-error";
import type { Kind } from "@fairlead/api/kind";
import { invalidObject } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { type AskedAccess, askedAccessErrors, attributesOfReview } from "./access-review-attributes.ts";

/** Answers whether a user may do something. */
export async function subjectAccessReview(
  authorizer: Authorizer,
  review: SubjectAccessReview,
): Promise<SubjectAccessReview> {
  refuseInvalid(subjectAccessReviewKind, [...askedAccessErrors(review.spec), ...subjectErrors(review.spec)]);
  return { ...review, status: reviewed(authorizer, review.spec, subjectOf(review.spec)) };
}

/** Answers whether a user may do something in one namespace. */
export async function localSubjectAccessReview(
  authorizer: Authorizer,
  review: LocalSubjectAccessReview,
): Promise<LocalSubjectAccessReview> {
  refuseInvalid(localSubjectAccessReviewKind, [
    ...askedAccessErrors(review.spec),
    ...subjectErrors(review.spec),
    ...namespaceErrors(review),
  ]);
  return { ...review, status: reviewed(authorizer, review.spec, subjectOf(review.spec)) };
}

/** Answers whether the user who asks may do something. */
export async function selfSubjectAccessReview(
  authorizer: Authorizer,
  review: SelfSubjectAccessReview,
  user: User,
): Promise<SelfSubjectAccessReview> {
  refuseInvalid(selfSubjectAccessReviewKind, askedAccessErrors(review.spec));
  return { ...review, status: reviewed(authorizer, review.spec, user) };
}

function refuseInvalid(kind: Pick<Kind, "group" | "kind">, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, "", errors);
}

function subjectErrors({ user = "", groups = [] }: SubjectAccessReviewSpec): readonly FieldError[] {
  if (user !== "" || groups.length > 0) return [];
  return [invalid("spec.user", user, "at least one of user or group must be specified")];
}

function namespaceErrors({ metadata, spec }: LocalSubjectAccessReview): readonly FieldError[] {
  const asked = spec.resourceAttributes?.namespace ?? "";
  if (spec.nonResourceAttributes !== undefined) {
    return [invalid("spec.nonResourceAttributes", spec.nonResourceAttributes, "disallowed on this kind of request")];
  }
  if (asked === (metadata.namespace ?? "")) return [];
  return [invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace")];
}

function subjectOf({ user = "", groups = [], extra = {}, uid = "" }: SubjectAccessReviewSpec): User {
  return { name: user, uid, groups, extra };
}

function reviewed(authorizer: Authorizer, spec: AskedAccess, user: User): SubjectAccessReviewStatus {
  const { verdict, reason } = authorizer.authorize(attributesOfReview(spec, user));
  return {
    allowed: verdict === "allow",
    ...(verdict === "deny" && { denied: true }),
    ...(reason !== "" && { reason }),
  };
}
