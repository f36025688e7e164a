import { hostPort, isIPv6 } from "@fairlead/lib/ip-family";
import type { CounterValue, Metrics } from "@fairlead/lib/metrics";
import { DURATION_SECONDS } from "../duration-buckets.ts";
import type { AnswerSource, Outcome } from "./outcome.ts";

/** Counts the requests of one listener. */
export interface RequestMetrics {
  /** @param tookMs - From the request's arrival to its answer. */
  answered(outcome: Outcome, requestBytes: number, responseBytes: number, tookMs: number): void;
}

/** Where requests come in. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly proto: "udp" | "tcp";
}

/** CoreDNS's bounds for sizes, in bytes. */
const SIZE_BYTES = [0, 100, 200, 300, 400, 511, 1_023, 2_047, 4_095, 8_291, 16e3, 32e3, 48e3, 64e3];

const ZONE_LABELS = ["server", "zone", "view"];

/** The label for who answered: the server's own refusals have none, as in CoreDNS. */
const PLUGIN: Readonly<Record<AnswerSource, string>> = {
  kubernetes: "kubernetes",
  hosts: "hosts",
  forward: "forward",
  server: "",
  dropped: "",
};

type Families = ReturnType<typeof families>;

/**
 * Counts under CoreDNS's names, with the labels that the CoreDNS of kubeadm has: it serves all names as one zone, `.`.
 *
 * Each value is looked up once for a listener, so that counting a request makes neither texts nor objects.
 */
export function requestMetrics(metrics: Metrics): (listener: Listener) => RequestMetrics {
  const made = families(metrics);
  return (listener) => {
    const zones = remembered((zone) => zoneMetrics(made, listener, zone));
    return {
      answered(outcome, requestBytes, responseBytes, tookMs) {
        zones(outcome.from === "dropped" ? "dropped" : ".").answered(outcome, requestBytes, responseBytes, tookMs);
      },
    };
  };
}

function families(metrics: Metrics) {
  const zoneAndProto = [...ZONE_LABELS, "proto"];
  return {
    requests: metrics.counter("coredns_dns_requests_total", "DNS requests by zone, protocol, family and type.", [
      ...zoneAndProto,
      "family",
      "type",
    ]),
    dnssecOk: metrics.counter("coredns_dns_do_requests_total", "DNS requests with the DO bit, by zone.", ZONE_LABELS),
    responses: metrics.counter("coredns_dns_responses_total", "DNS responses by zone, rcode and plugin.", [
      ...ZONE_LABELS,
      "rcode",
      "plugin",
    ]),
    took: metrics.histogram(
      "coredns_dns_request_duration_seconds",
      "Time from a DNS request to its answer in seconds, by zone.",
      DURATION_SECONDS,
      ZONE_LABELS,
    ),
    requestBytes: metrics.histogram(
      "coredns_dns_request_size_bytes",
      "Size of DNS requests in bytes, by zone and protocol.",
      SIZE_BYTES,
      zoneAndProto,
    ),
    responseBytes: metrics.histogram(
      "coredns_dns_response_size_bytes",
      "Size of DNS responses in bytes, by zone and protocol.",
      SIZE_BYTES,
      zoneAndProto,
    ),
  };
}

function zoneMetrics(made: Families, { address, port, proto }: Listener, zone: string): RequestMetrics {
  const server = `dns://${hostPort(address, port)}`;
  const labels = [server, zone, ""];
  const requests = remembered((type) => made.requests.with(...labels, proto, isIPv6(address) ? "2" : "1", type));
  const responses = remembered((plugin) => remembered((rcode) => made.responses.with(...labels, rcode, plugin)));
  const took = made.took.with(...labels);
  const requestSizes = made.requestBytes.with(...labels, proto);
  const responseSizes = made.responseBytes.with(...labels, proto);
  let dnssecOk: CounterValue | undefined;
  return {
    answered(outcome, requestBytes, responseBytes, tookMs) {
      requests(outcome.type).inc();
      responses(PLUGIN[outcome.from])(outcome.rcode).inc();
      took.observe(tookMs / 1000);
      requestSizes.observe(requestBytes);
      responseSizes.observe(responseBytes);
      if (!outcome.dnssecOk) return;
      dnssecOk ??= made.dnssecOk.with(...labels);
      dnssecOk.inc();
    },
  };
}

/** Makes what belongs to a key the first time that it is asked for. */
function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
