import { hostPort } from "@fairlead/lib/ip-family";
import type { Metrics } from "@fairlead/lib/metrics";
import { DURATION_SECONDS } from "../duration-buckets.ts";
import { type Upstream, upstreamPort } from "./upstream.ts";

/** Counts questions to other resolvers. */
export interface ForwardMetrics {
  /** An upstream responded with the code of this name, after so long. */
  responded(upstream: Upstream, rcode: string, seconds: number): void;
  /** A question was rejected: the number of concurrent questions is at its maximum. */
  rejected(): void;
  /** A health check got no response. */
  checkFailed(upstream: Upstream): void;
  /** All upstreams are down: a random one is asked all the same. */
  allDown(): void;
}

/** Counts under the names of CoreDNS's forward plugin. Its metrics of connections have no counterpart. */
export function forwardMetrics(metrics: Metrics): ForwardMetrics {
  const took = metrics.histogram(
    "coredns_proxy_request_duration_seconds",
    "Time that upstreams took to respond in seconds, by upstream and rcode.",
    DURATION_SECONDS,
    ["proxy_name", "to", "rcode"],
  );
  const rejects = metrics.counter(
    "coredns_forward_max_concurrent_rejects_total",
    "Queries rejected since the number of concurrent queries was at its maximum.",
  );
  const failures = metrics.counter(
    "coredns_proxy_healthcheck_failures_total",
    "Health checks of upstreams that got no response, by upstream.",
    ["proxy_name", "to"],
  );
  const broken = metrics.counter(
    "coredns_forward_healthcheck_broken_total",
    "Attempts for which all upstreams were down.",
  );
  return {
    responded(upstream, rcode, seconds) {
      took.observe(seconds, "forward", hostPort(upstream.address, upstreamPort(upstream)), rcode);
    },
    rejected: () => rejects.inc(),
    checkFailed: (upstream) => failures.inc("forward", hostPort(upstream.address, upstreamPort(upstream))),
    allDown: () => broken.inc(),
  };
}
