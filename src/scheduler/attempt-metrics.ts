import type { Metrics } from "@fairlead/lib/metrics";
import { SCHEDULER_NAME } from "./queue/pending-pod.ts";

/** What became of one attempt to place a pod. */
export type AttemptResult = "scheduled" | "unschedulable" | "error";

/** Counts an attempt that has taken so long, from the decision to the written binding. */
export type CountAttempt = (result: AttemptResult, seconds: number) => void;

/** Bounds in seconds; upstream's: each twice the one before, from a millisecond on. */
const SECONDS = Array.from({ length: 15 }, (_, exponent) => 0.001 * 2 ** exponent);

/** Counts attempts under upstream's names. */
export function attemptMetrics(metrics: Metrics): CountAttempt {
  const labels = ["profile", "result"];
  const attempts = metrics.counter(
    "scheduler_schedule_attempts_total",
    "Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.",
    labels,
  );
  const took = metrics.histogram(
    "scheduler_scheduling_attempt_duration_seconds",
    "Scheduling attempt latency in seconds (scheduling algorithm + binding)",
    SECONDS,
    labels,
  );
  return (result, seconds) => {
    attempts.inc(SCHEDULER_NAME, result);
    took.observe(seconds, SCHEDULER_NAME, result);
  };
}
