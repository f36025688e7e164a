import type { Taint } from "@fairlead/api/core/v1/node/node";
import type { Toleration } from "@fairlead/api/core/v1/pod/affinity";

/** Whether one of the tolerations is for this taint. */
export function tolerates(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  return (tolerations ?? []).some((toleration) => matches(toleration, taint));
}

/**
 * An empty effect means every effect, an empty key (with `Exists`) every key.
 *
 * The operators `Lt` and `Gt` are behind an alpha gate upstream, off by default, and tolerate nothing here either.
 */
function matches(
  { key = "", operator, value = "", effect }: Toleration,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (operator ?? "Equal") === "Equal" && key !== "" && value === (taint.value ?? "");
}
