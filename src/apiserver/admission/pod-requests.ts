import type { Pod } from "../../api/core/v1/pod/pod.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Whether a pod itself is written, and not one of its subresources. */
export function isWriteOfPod(request: AdmissionRequest): request is AdmissionRequest<Pod> {
  return isOfKind(request, podKind) && request.subresource === "" && request.operation !== "delete";
}

/** Whether a pod is created. */
export function isCreateOfPod(request: AdmissionRequest): request is AdmissionRequest<Pod> {
  return isWriteOfPod(request) && request.operation === "create";
}

/** Whether the request is about objects of a kind. */
export function isOfKind(
  { kind }: Pick<AdmissionRequest<KubeObject>, "kind">,
  wanted: { readonly group: string; readonly plural: string },
): boolean {
  return kind.group === wanted.group && kind.plural === wanted.plural;
}

/** A mirror pod shows in the API what a kubelet runs out of a file of its own. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}
