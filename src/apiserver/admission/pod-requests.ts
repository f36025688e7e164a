import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Kind } from "@fairlead/api/kind";
import { ANNOTATION } from "@fairlead/api/well-known";
import type { AdmissionRequest } from "./admission.ts";

/** Whether a pod itself is written, and not one of its subresources. */
export function isWriteOfPod(request: AdmissionRequest): request is AdmissionRequest<Pod> {
  return isOfKind(request, podKind) && request.subresource === "" && request.operation !== "delete";
}

/** Whether a pod is created. */
export function isCreateOfPod(request: AdmissionRequest): request is AdmissionRequest<Pod> {
  return isWriteOfPod(request) && request.operation === "create";
}

/** Whether the request's object is of a kind, and not a Scale or a Binding below one. */
export function isOfKind(
  { resource, kind }: Pick<AdmissionRequest, "resource" | "kind">,
  wanted: Pick<Kind, "group" | "plural" | "kind">,
): boolean {
  return isBelow({ resource }, wanted) && kind.kind === wanted.kind;
}

/** Whether the request is about objects of a resource, or about something below them. */
export function isBelow(
  { resource }: Pick<AdmissionRequest, "resource">,
  wanted: Pick<Kind, "group" | "plural">,
): boolean {
  return resource.group === wanted.group && resource.plural === wanted.plural;
}

/** A mirror pod shows in the API what a kubelet runs out of a file of its own. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[ANNOTATION.mirrorPod] !== undefined;
}
