import type { Toleration } from "@fairlead/api/core/v1/pod/affinity";
import { TAINT } from "@fairlead/api/well-known";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOfPod } from "./pod-requests.ts";

const TAINTS = [TAINT.notReady, TAINT.unreachable];
/** How long a pod stays on a node that is gone, unless it says otherwise. */
const TOLERATION_SECONDS = 300;

/** Lets pods stay five minutes on nodes that are not ready or cannot be reached. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",

  admit(request) {
    if (!isWriteOfPod(request)) return request.object;
    const pod = request.object;
    const present = pod.spec.tolerations ?? [];
    const added = TAINTS.filter((taint) => !present.some((toleration) => isAbout(toleration, taint)));
    if (added.length === 0) return pod;
    return { ...pod, spec: { ...pod.spec, tolerations: [...present, ...added.map(tolerating)] } };
  },
};

function isAbout({ key = "", effect }: Toleration, taint: string): boolean {
  return (key === taint || key === "") && (effect === "NoExecute" || effect === undefined);
}

function tolerating(key: string): Toleration {
  return { key, operator: "Exists", effect: "NoExecute", tolerationSeconds: TOLERATION_SECONDS };
}
