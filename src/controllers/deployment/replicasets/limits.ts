import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";

/** How many pods a rolling update may have, and how few may be available. */
export interface RollingLimits {
  /** Most pods beyond `spec.replicas`. */
  readonly maxSurge: number;
  /** Most pods below `spec.replicas` that may be unavailable. Never more than there are to be. */
  readonly maxUnavailable: number;
}

/**
 * The limits in pods. Percentages are of `spec.replicas`: surge is rounded up, unavailable down. When both come to
 * nothing the update could not move, so that one pod may be unavailable.
 *
 * Only rolling updates have limits; for `Recreate` both are 0.
 */
export function rollingLimits({ spec: { replicas, strategy } }: Pick<Deployment, "spec">): RollingLimits {
  if (strategy.type !== "RollingUpdate") return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = 0, maxUnavailable = 0 } = strategy.rollingUpdate ?? {};
  const surge = scaled(maxSurge, replicas, Math.ceil);
  const unavailable = scaled(maxUnavailable, replicas, Math.floor);
  const atLeastOne = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge: surge, maxUnavailable: Math.min(atLeastOne, replicas) };
}

/** `value` in pods, where it may be a share of `total` such as `25%`. Validation saw to it that it is one of both. */
function scaled(value: number | string, total: number, round: (share: number) => number): number {
  if (typeof value === "number") return value;
  return round((Number(value.replace(/%$/, "")) * total) / 100);
}
