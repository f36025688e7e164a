import type { Condition } from "@fairlead/api/meta/v1/condition";
import { type ConfigurationStateStatus, MESSAGE_LENGTH_MAX } from "../kinds/configuration-state.ts";

const TYPE = "poolReconcilerValid";

/**
 * Says whether all pools are in force. Words are MetalLB's.
 *
 * @param problems - Why pools are not, by name.
 * @param before - What is written. A condition keeps the time of its last change.
 * @param now - As `2026-01-31T12:00:00Z`.
 */
export function planConfigurationState(
  problems: ReadonlyMap<string, string>,
  { before, now }: { readonly before: ConfigurationStateStatus | undefined; readonly now: string },
): ConfigurationStateStatus {
  const isValid = problems.size === 0;
  const message = isValid ? "" : shortened(`configuration error: ${[...problems.values()].join("\n")}`);
  const status: Condition["status"] = isValid ? "True" : "False";
  const earlier = before?.conditions?.find(({ type }) => type === TYPE);
  const lastTransitionTime = earlier?.status === status ? earlier.lastTransitionTime : now;
  const reason = isValid ? "Reconciled" : "ConfigurationError";
  return {
    result: isValid ? "Valid" : "Invalid",
    errorSummary: message,
    conditions: [{ type: TYPE, status, reason, message, lastTransitionTime }],
  };
}

function shortened(message: string): string {
  return message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX - 3)}...` : message;
}
