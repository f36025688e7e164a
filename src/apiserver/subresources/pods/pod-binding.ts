import { apiTime } from "../../../api/api-time.ts";
import { type Binding, bindingSchema } from "../../../api/core/v1/binding.ts";
import { type Pod, podKind } from "../../../api/core/v1/pod/pod.ts";
import { invalidObject, StatusError } from "../../../api/status-error.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { Store } from "../../../store/store.ts";
import { forbidden } from "../../admission/refuse.ts";
import { createdAnswer } from "../../answers/status.ts";
import { nodeIdentity } from "../../authz/node-identity.ts";
import { decodeRequest } from "../decode-request.ts";
import type { SubresourceHandler } from "../subresource.ts";
import { updateStored } from "../update-stored.ts";
import { bindingErrors, boundPod } from "./pod-binding-plan.ts";

/** Where pods are stored, and what time it is. */
export interface PodBindingOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  /** Called for each bound pod before the write is visible to watchers. Default: nothing is called. */
  readonly onBound?: (pod: Pod) => void;
}

/** `pods/binding`: how a scheduler gives a pod its node. */
export function podBinding(options: PodBindingOptions): SubresourceHandler {
  return {
    groupResource: "pods",
    name: "binding",
    async handle({ request, user, namespace, name, parent, query, warn }) {
      if (nodeIdentity(user) !== undefined) {
        const detail = "unexpected pod subresource \"binding\", only 'status' and 'eviction' are allowed";
        throw forbidden({ kind: podKind, name, object: parent }, detail);
      }
      const { value: binding, options: write } = decodeRequest({ request, query, warn }, "Binding", bindingSchema);
      const named = binding.metadata.name ?? "";
      if (named !== "" && named !== name) {
        throw new StatusError("BadRequest", "name in URL does not match name in Binding object");
      }
      await bindPod(options, binding, { namespace, name, dryRun: write.dryRun });
      return createdAnswer();
    },
  };
}

/** Does what a Binding says. Refuses as {@link boundPod} does. */
export async function bindPod(
  { store, clock, onBound }: PodBindingOptions,
  binding: Binding,
  { namespace, name, dryRun }: { readonly namespace: string; readonly name: string; readonly dryRun: boolean },
): Promise<void> {
  const errors = bindingErrors(binding);
  if (errors.length > 0) throw invalidObject("", "Binding", name, errors);
  const now = apiTime(clock.now());
  const bound = await updateStored(store, {
    kind: podKind,
    key: { namespace, name },
    dryRun,
    change: (pod) => ({ object: boundPod(pod, binding, now) }),
  });
  if (!dryRun) onBound?.(bound);
}
