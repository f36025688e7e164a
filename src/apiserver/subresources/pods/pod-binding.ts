import { apiTime } from "@fairlead/api/api-time";
import type { Binding } from "@fairlead/api/core/v1/binding/binding";
import { bindingSchema } from "@fairlead/api/core/v1/binding/binding-schema";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { invalidObject, StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Store } from "@fairlead/store/store";
import { createdAnswer } from "../../answers/status.ts";
import type { Turns } from "../../registry/turns.ts";
import { decodeRequest } from "../decode-request.ts";
import type { SubresourceHandler } from "../subresource.ts";
import { updateStored } from "../update-stored.ts";
import { bindingErrors, boundPod } from "./pod-binding-plan.ts";

/** Where pods are stored, and what time it is. */
export interface PodBindingOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  /** Those of the other writers of pods. */
  readonly turns: Turns;
  /** Called for each bound pod before the write is visible to watchers. Default: nothing is called. */
  readonly onBound?: (pod: Pod) => void;
}

const KIND = { group: "", version: "v1", kind: "Binding", schema: bindingSchema };

/** `pods/binding`: how a scheduler gives a pod its node. */
export function podBinding(options: PodBindingOptions): SubresourceHandler {
  return {
    groupResource: "pods",
    name: "binding",
    async handle(asked) {
      const { value: given, options: write } = decodeRequest(asked, "Binding", bindingSchema);
      const { namespace, name } = asked;
      const named = given.metadata.name ?? "";
      if (named !== "" && named !== name) {
        throw new StatusError("BadRequest", "name in URL does not match name in Binding object");
      }
      const binding = await asked.admit(KIND, given, (one) => assertValidBinding(one, name));
      await bindPod(options, binding, { namespace, name, dryRun: write.dryRun });
      return createdAnswer();
    },
  };
}

/** Does what a Binding says. Refuses as {@link boundPod} does. */
export async function bindPod(
  { store, turns, clock, onBound }: PodBindingOptions,
  binding: Binding,
  { namespace, name, dryRun }: { readonly namespace: string; readonly name: string; readonly dryRun: boolean },
): Promise<void> {
  assertValidBinding(binding, name);
  const now = apiTime(clock.now());
  const bound = await updateStored(
    { store, turns },
    {
      kind: podKind,
      key: { namespace, name },
      dryRun,
      change: (pod) => ({ object: boundPod(pod, binding, now) }),
    },
  );
  if (!dryRun) onBound?.(bound);
}

function assertValidBinding(binding: Binding, name: string): void {
  const errors = bindingErrors(binding);
  if (errors.length > 0) throw invalidObject("", "Binding", name, errors);
}
