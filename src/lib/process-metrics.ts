import type { Metrics } from "./metrics.ts";

/** Adds what Prometheus' clients say of their process: processor time, memory, start. */
export function addProcessMetrics(metrics: Metrics): void {
  const startSeconds = Math.round(performance.timeOrigin / 1000);
  metrics.measure(
    "gauge",
    "process_start_time_seconds",
    "Start time of the process since unix epoch in seconds.",
    () => startSeconds,
  );
  metrics.measure("counter", "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  metrics.measure("gauge", "process_resident_memory_bytes", "Resident memory size in bytes.", () =>
    process.memoryUsage.rss(),
  );
}
