import type { ObjectMeta } from "../../../meta/v1/object-meta.ts";

/** Annotations in which `autoscaling/v1` carries the fields of `autoscaling/v2` that it does not have. */
export const ROUND_TRIP = {
  metrics: "autoscaling.alpha.kubernetes.io/metrics",
  behavior: "autoscaling.alpha.kubernetes.io/behavior",
  currentMetrics: "autoscaling.alpha.kubernetes.io/current-metrics",
  conditions: "autoscaling.alpha.kubernetes.io/conditions",
} as const;

/** Carried tolerances in versions that are not served any more. */
const FORMER = [
  "autoscaling.alpha.kubernetes.io/scale-down-tolerance",
  "autoscaling.alpha.kubernetes.io/scale-up-tolerance",
];

const ALL: ReadonlySet<string> = new Set([...Object.values(ROUND_TRIP), ...FORMER]);

/** Returns metadata without the annotations that only `autoscaling/v1` shows; the same metadata where it has none of them. */
export function withoutRoundTrip(metadata: ObjectMeta): ObjectMeta {
  const entries = Object.entries(metadata.annotations ?? {});
  const kept = entries.filter(([name]) => !ALL.has(name));
  if (kept.length === entries.length) return metadata;
  return { ...metadata, annotations: kept.length === 0 ? undefined : Object.fromEntries(kept) };
}
