import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodState } from "../pod-state.ts";

/** Whether the pod needs a (new) sandbox: it has none, or it is dead, or it lost its address. */
export function sandboxNeeded(pod: Pod, state: PodState): { readonly needed: boolean; readonly attempt: number } {
  const [latest] = state.sandboxes;
  if (latest === undefined) return { needed: true, attempt: 0 };
  const ready = state.sandboxes.filter((s) => s.ready).length;
  const lostAddress = pod.spec.hostNetwork !== true && state.ips.length === 0;
  const needed = ready > 1 || !latest.ready || lostAddress;
  return { needed, attempt: needed ? latest.attempt + 1 : latest.attempt };
}
