import type { Metrics } from "@fairlead/lib/metrics";

/** Runs a call of the container runtime and counts it. @param method - As the protocol names it: `RunPodSandbox`. */
export type CountOperation = <T>(method: string, call: () => Promise<T>) => Promise<T>;

/** Bounds in seconds; upstream's: each two and a half times the one before, from 5 ms on. */
const SECONDS = Array.from({ length: 14 }, (_, exponent) => 0.005 * 2.5 ** exponent);

/** Counts calls under the kubelet's names. */
export function operationMetrics(metrics: Metrics): CountOperation {
  const labels = ["operation_type"];
  const total = metrics.counter(
    "kubelet_runtime_operations_total",
    "Cumulative number of runtime operations by operation type.",
    labels,
  );
  const errors = metrics.counter(
    "kubelet_runtime_operations_errors_total",
    "Cumulative number of runtime operation errors by operation type.",
    labels,
  );
  const took = metrics.histogram(
    "kubelet_runtime_operations_duration_seconds",
    "Duration in seconds of runtime operations. Broken down by operation type.",
    SECONDS,
    labels,
  );
  return async (method, call) => {
    const operation = operationType(method);
    const startedMs = performance.now();
    total.inc(operation);
    try {
      return await call();
    } catch (error) {
      errors.inc(operation);
      throw error;
    } finally {
      took.observe((performance.now() - startedMs) / 1000, operation);
    }
  };
}

/** Returns upstream's name of a method: `run_podsandbox`, `list_containers`. */
export function operationType(method: string): string {
  const words = method.replace("PodSandbox", "Podsandbox").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_");
  return words.toLowerCase();
}
