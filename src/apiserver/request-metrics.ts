/** What the server counts about its requests, for `/metrics`. */
export interface RequestMetrics {
  /**
   * Counts a finished request. `resource` is empty for requests that are not about objects. Every group and resource is
   * kept for ever: they must be those that are served. Verbs that are not known are counted as `other`.
   */
  record(request: {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
    readonly code: number;
    readonly seconds: number;
  }): void;
  /** The counters in Prometheus' text format, version 0.0.4. */
  text(): string;
}

/** Upper bounds of the buckets of durations; a few of upstream's. */
const BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 60];

/** Verbs of requests about objects, and methods of other requests. HTTP/2 lets clients send any method. */
const VERBS: ReadonlySet<string> = new Set([
  ...["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy"],
  ...["post", "put", "connect"],
]);
/** The label of all other verbs, as upstream has it. */
const OTHER_VERB = "other";

interface Durations {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Counters that start at zero. */
export function createRequestMetrics(): RequestMetrics {
  const totals = new Map<string, number>();
  const durations = new Map<string, Durations>();
  return {
    record({ verb: asked, group, resource, code, seconds }) {
      const verb = VERBS.has(asked) ? asked : OTHER_VERB;
      const request = `group="${label(group)}",resource="${label(resource)}",verb="${verb}"`;
      const total = `code="${code}",${request}`;
      totals.set(total, (totals.get(total) ?? 0) + 1);
      // How long a watch lasts is the client's choice.
      if (verb === "watch") return;
      const known = durations.get(request) ?? { buckets: BUCKETS_SECONDS.map(() => 0), sum: 0, count: 0 };
      durations.set(request, known);
      known.sum += seconds;
      known.count += 1;
      const bucket = BUCKETS_SECONDS.findIndex((bound) => seconds <= bound);
      if (bucket >= 0) known.buckets[bucket] = (known.buckets[bucket] ?? 0) + 1;
    },
    text() {
      return [
        "# HELP apiserver_request_total Requests by what they were about and how they were answered.",
        "# TYPE apiserver_request_total counter",
        ...[...totals].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`),
        "# HELP apiserver_request_duration_seconds Time from a request to the start of its answer.",
        "# TYPE apiserver_request_duration_seconds histogram",
        ...[...durations].flatMap(([labels, known]) => histogram(labels, known)),
        "",
      ].join("\n");
    },
  };
}

function histogram(labels: string, { buckets, sum, count }: Durations): string[] {
  const name = "apiserver_request_duration_seconds";
  let below = 0;
  const lines = BUCKETS_SECONDS.map((bound, index) => {
    below += buckets[index] ?? 0;
    return `${name}_bucket{${labels},le="${bound}"} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

/** A label value cannot hold everything. */
const NOT_IN_A_LABEL = /[\\"\n]/;

function label(value: string): string {
  return NOT_IN_A_LABEL.test(value) ? value.replaceAll(/[\\"\n]/g, "") : value;
}
