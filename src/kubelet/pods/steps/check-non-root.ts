import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import type { ImageInfo } from "../../runtime/pod-runtime.ts";
import type { AnyContainer } from "../../sync/pod-state.ts";

/** Why a container that must not run as root cannot be started, in upstream's words; undefined when it may. */
export function nonRootRefusal(pod: Pod, container: AnyContainer, image: ImageInfo): string | undefined {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext;
  if ((own.runAsNonRoot ?? shared.runAsNonRoot) !== true) return undefined;

  const { name, namespace, uid } = pod.metadata;
  const where = `(pod: ${goQuote(`${name}_${namespace}(${uid})`)}, container: ${container.name})`;
  const user = own.runAsUser ?? shared.runAsUser;
  if (user === 0) return `container's runAsUser breaks non-root policy ${where}`;
  if (user !== undefined) return undefined;
  if (image.uid === 0) return `container has runAsNonRoot and image will run as root ${where}`;
  if (image.uid === undefined) {
    return `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`;
  }
  return undefined;
}
