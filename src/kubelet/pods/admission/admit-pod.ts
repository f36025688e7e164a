import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { LABEL } from "@fairlead/api/well-known";
import type { WaitingReason } from "../../status/container-status.ts";
import { appArmorRefusal } from "./app-armor.ts";
import { sysctlRefusal } from "./sysctls.ts";
import { unsupportedFeatures, unsupportedMessage } from "./unsupported.ts";

/**
 * Returns why this node refuses the pod as a whole; undefined when it will run it. Reasons and messages are upstream's,
 * but for the reason `Unsupported`.
 */
export function admissionRefusal(pod: Pod): WaitingReason | undefined {
  return (
    sysctlRefusal(pod) ?? osRefusal(pod) ?? groupsPolicyRefusal(pod) ?? appArmorRefusal(pod) ?? unsupportedRefusal(pod)
  );
}

function osRefusal({ metadata, spec }: Pod): WaitingReason | undefined {
  if ((metadata.labels?.[LABEL.os] ?? "linux") !== "linux") {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label";
    return { reason: "PodOSSelectorNodeLabelDoesNotMatch", message };
  }
  if ((spec.os?.name ?? "linux") === "linux") return undefined;
  return { reason: "PodOSNotSupported", message: "Failed to admit pod as the OS field doesn't match node OS" };
}

/** containerd before 2.0 merges the image's groups in any case. */
function groupsPolicyRefusal({ spec }: Pod): WaitingReason | undefined {
  if (spec.securityContext.supplementalGroupsPolicy !== "Strict") return undefined;
  return {
    reason: "SupplementalGroupsPolicyNotSupported",
    message: "SupplementalGroupsPolicy=Strict is not supported in this node",
  };
}

function unsupportedRefusal(pod: Pod): WaitingReason | undefined {
  const [what] = unsupportedFeatures(pod);
  return what === undefined ? undefined : { reason: "Unsupported", message: unsupportedMessage(what) };
}
