import type { Metrics } from "@fairlead/lib/metrics";
import type { RequestInfo, ResourceRequestInfo } from "./request-info.ts";

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly info: RequestInfo;
  /** Whether the resource of {@link info} is served. Names of others, which clients choose, are not kept. */
  readonly isServed: boolean;
  /** Media type of the body. */
  readonly mediaType: string;
  readonly isDryRun: boolean;
  readonly code: number;
  /** Until the answer began. */
  readonly seconds: number;
}

/** Counts requests, under upstream's names. */
export interface RequestMetrics {
  /** Counts a request that is worked on. Returns what to call when its answer begins. */
  begun(method: string): () => void;
  record(request: AnsweredRequest): void;
}

/** Upper bounds of the buckets of durations; upstream's. */
const BUCKETS_SECONDS = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const LABELS = ["component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"];
const COMPONENT = "apiserver";
const MUTATING: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Upstream's names of verbs of requests about objects, and of methods of other requests. */
const VERBS: ReadonlyMap<string, string> = new Map([
  ["create", "POST"],
  ["update", "PUT"],
  ["proxy", "CONNECT"],
  ...["get", "list", "watch", "patch", "delete", "deletecollection", "post", "put", "connect"].map(
    (verb) => [verb, verb.toUpperCase()] as const,
  ),
]);
/** All others, as upstream has it: HTTP/2 lets clients send any method. */
const OTHER_VERB = "other";
const APPLY_TYPE = "application/apply-patch+yaml";

export function requestMetrics(metrics: Metrics): RequestMetrics {
  const total = metrics.counter(
    "apiserver_request_total",
    "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
    ["code", ...LABELS],
  );
  const duration = metrics.histogram(
    "apiserver_request_duration_seconds",
    "Time from a request to the beginning of its answer.",
    BUCKETS_SECONDS,
    LABELS,
  );
  const inflight = metrics.gauge(
    "apiserver_current_inflight_requests",
    "Requests that are worked on: watches and streams until they begin.",
    ["request_kind"],
  );
  return {
    begun(method) {
      const kind = MUTATING.has(method) ? "mutating" : "readOnly";
      inflight.add(1, kind);
      return () => inflight.add(-1, kind);
    },
    record(request) {
      const { code, seconds } = request;
      const labels = labelsOf(request);
      total.inc(String(code), ...labels);
      // How long a watch lasts is the client's choice.
      if (request.info.verb !== "watch") duration.observe(seconds, ...labels);
    },
  };
}

/** Returns the values of {@link LABELS}. */
function labelsOf({ info, isServed, mediaType, isDryRun }: AnsweredRequest): readonly string[] {
  const known = VERBS.get(info.verb) ?? OTHER_VERB;
  const verb = known === "PATCH" && mediaType === APPLY_TYPE ? "APPLY" : known;
  const dryRun = isDryRun ? "All" : "";
  if (info.type === "path" || !isServed) return [COMPONENT, dryRun, "", "", "", "", verb, ""];
  const { group, resource, subresource, version } = info;
  return [COMPONENT, dryRun, group, resource, scopeOf(info), subresource, verb, version];
}

function scopeOf({ name, verb, namespace }: ResourceRequestInfo): string {
  if (name !== "" || verb === "create") return "resource";
  return namespace === "" ? "cluster" : "namespace";
}
