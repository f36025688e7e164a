import type { Metrics } from "@fairlead/lib/metrics";

/** Counts writes of the kernel's rules. */
export interface SyncMetrics {
  /** The rules were written, which took so long. */
  written(seconds: number, atSeconds: number): void;
  failed(): void;
}

/** Bounds in seconds; upstream's: each twice the one before, from a millisecond on. */
const SECONDS = Array.from({ length: 15 }, (_, exponent) => 0.001 * 2 ** exponent);

/** Counts under kube-proxy's names. */
export function syncMetrics(metrics: Metrics): SyncMetrics {
  const took = metrics.histogram(
    "kubeproxy_sync_proxy_rules_duration_seconds",
    "SyncProxyRules latency in seconds",
    SECONDS,
  );
  const last = metrics.gauge(
    "kubeproxy_sync_proxy_rules_last_timestamp_seconds",
    "The last time proxy rules were successfully synced",
  );
  const failures = metrics.counter(
    "kubeproxy_sync_proxy_rules_nftables_sync_failures_total",
    "Cumulative proxy nftables sync failures",
  );
  return {
    written(seconds, atSeconds) {
      took.observe(seconds);
      last.set(atSeconds);
    },
    failed: () => failures.inc(),
  };
}
