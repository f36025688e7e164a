import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { validateRelativePath } from "@fairlead/api/core/v1/pod/validation/validate-paths";
import { goQuote } from "@fairlead/api/go-quote";
import type { AnyContainer } from "../../sync/pod-state.ts";

/**
 * Returns why a container's `Localhost` seccomp profile cannot be used; undefined when it can. The API server checks the
 * path, too: this kubelet does not depend on it.
 */
export function seccompRefusal(pod: Pod, container: AnyContainer): string | undefined {
  const profile = container.securityContext?.seccompProfile ?? pod.spec.securityContext.seccompProfile;
  if (profile?.type !== "Localhost") return undefined;
  const { localhostProfile = "" } = profile;
  if (localhostProfile === "") return "localhostProfile must be set if seccompProfile type is Localhost.";
  const [problem] = validateRelativePath(localhostProfile, "seccompProfile.localhostProfile");
  return problem && `seccompProfile.localhostProfile ${goQuote(localhostProfile)} leads out of the profiles' folder`;
}
