import type { FieldError } from "../../../field-error.ts";
import { invalid, required } from "../../../field-error.ts";
import { isRequestURI } from "../../../formats/go-texts.ts";
import { goQuote } from "../../../go-quote.ts";
import type { CustomResourceDefinition } from "./customresourcedefinition-schema.ts";

/** The annotation that says where an API in a group of the Kubernetes project was approved. */
const ANNOTATION = "api-approved.kubernetes.io";
const ABOUT = "see https://github.com/kubernetes/enhancements/pull/1111";
const NEEDED = `protected groups must have approval annotation ${goQuote(ANNOTATION)}`;

/** What a definition says about its approval, and in words why. */
export interface ApiApproval {
  readonly state: "approved" | "bypassed" | "missing" | "invalid";
  readonly reason: string;
}

/**
 * Returns whether an API was approved; `undefined` for groups that need no approval.
 *
 * Source: KEP-1111; upstream's pkg/apihelpers.
 */
export function apiApproval({ metadata, spec }: CustomResourceDefinition): ApiApproval | undefined {
  if (!isProtected(spec.group)) return undefined;
  const annotation = metadata.annotations?.[ANNOTATION] ?? "";
  if (annotation === "") return { state: "missing", reason: `${NEEDED}, ${ABOUT}` };
  if (annotation.startsWith("unapproved")) {
    return { state: "bypassed", reason: `not approved: ${goQuote(annotation)}` };
  }
  const hasHost = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]/.test(annotation);
  if (hasHost && isRequestURI(annotation)) return { state: "approved", reason: `approved in ${annotation}` };
  return { state: "invalid", reason: `${NEEDED} with either a URL or a reason starting with "unapproved", ${ABOUT}` };
}

function isProtected(group: string): boolean {
  return ["k8s.io", "kubernetes.io"].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

/** What is wrong with the approval. A state that was accepted before is accepted again. */
export function approvalProblems(
  definition: CustomResourceDefinition,
  previous: CustomResourceDefinition | undefined,
): readonly FieldError[] {
  const approval = apiApproval(definition);
  if (approval === undefined) return [];
  const { state, reason } = approval;
  if (previous !== undefined && apiApproval(previous)?.state === state) return [];
  const path = `metadata.annotations[${ANNOTATION}]`;
  if (state === "missing") return [required(path, reason)];
  return state === "invalid" ? [invalid(path, definition.metadata.annotations?.[ANNOTATION], reason)] : [];
}
