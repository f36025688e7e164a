import type { Metrics } from "@fairlead/lib/metrics";
import type { QueueObserver } from "./work-queue.ts";

/** Bounds in seconds; upstream's, from 10 ns on, where a millisecond is the least that is seen here. */
const SECONDS = [0.001, 0.01, 0.1, 1, 10, 60, 300];

/** Counts what a queue does, under client-go's names. @param name - Of the queue. */
export function queueMetrics(metrics: Metrics, name: string): QueueObserver {
  const labels = ["name"];
  const adds = metrics.counter("workqueue_adds_total", "Total number of adds handled by workqueue", labels);
  const depth = metrics.gauge("workqueue_depth", "Current depth of workqueue", labels);
  const retries = metrics.counter("workqueue_retries_total", "Total number of retries handled by workqueue", labels);
  const waited = metrics.histogram(
    "workqueue_queue_duration_seconds",
    "How long in seconds an item stays in workqueue before being requested.",
    SECONDS,
    labels,
  );
  const worked = metrics.histogram(
    "workqueue_work_duration_seconds",
    "How long in seconds processing an item from workqueue takes.",
    SECONDS,
    labels,
  );
  return {
    added() {
      adds.inc(name);
      depth.add(1, name);
    },
    taken(waitedMs) {
      depth.add(-1, name);
      waited.observe(waitedMs / 1000, name);
    },
    retried: () => retries.inc(name),
    done: (workedMs) => worked.observe(workedMs / 1000, name),
    dropped: (count) => depth.add(-count, name),
  };
}
