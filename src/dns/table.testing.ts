import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { systemClock } from "@fairlead/lib/clock";
import { createMetrics } from "@fairlead/lib/metrics";
import type { Ask } from "./cache/response-cache.ts";
import { createNames } from "./names.ts";
import { requestMetrics } from "./server/request-metrics.ts";
import { createResponder, type Respond } from "./server/respond.ts";
import { serviceNames } from "./service-names.ts";
import { testSettings } from "./settings.testing.ts";
import { decodeQuery } from "./wire/decode-message.ts";
import { encodeQuery, encodeReply, TCP_BYTES_MAX } from "./wire/encode-message.ts";
import { type DnsRecord, type Reply, recordTypes } from "./wire/message.ts";

/** A Service of the test's cluster, and what its EndpointSlices list. */
export interface TestService {
  readonly name: string;
  /** Default `shop`. */
  readonly namespace?: string;
  readonly spec: object;
  readonly slices?: readonly TestSlice[];
}

interface TestSlice {
  readonly ports: readonly object[];
  readonly endpoints: readonly object[];
}

const http = { name: "http", protocol: "TCP", port: 80 };
const at = (address: string, more: object = {}) => ({ addresses: [address], conditions: { ready: true }, ...more });
const headless = { clusterIPs: ["None"], ports: [http] };
const aliasOf = (externalName: string) => ({ type: "ExternalName", externalName });

/** The Services that the table asks about. */
const SERVICES: readonly TestService[] = [
  { name: "kube-dns", namespace: "kube-system", spec: { clusterIPs: ["10.96.0.10"], ports: [http] } },
  {
    name: "web",
    spec: { clusterIPs: ["10.96.0.20", "fd00:10:96::20"], ports: [http, { name: "DNS", protocol: "UDP", port: 53 }] },
    slices: [{ ports: [{ ...http, port: 8080 }], endpoints: [at("10.244.0.3")] }],
  },
  { name: "plain", spec: { clusterIPs: ["10.96.0.21"], ports: [{ protocol: "TCP", port: 8080 }] } },
  { name: "pending", spec: { clusterIPs: [], ports: [http] } },
  {
    name: "db",
    spec: headless,
    slices: [
      {
        ports: [{ ...http, port: 8080 }],
        endpoints: [
          at("10.244.0.5", { hostname: "db-0" }),
          at("10.244.0.6"),
          at("10.244.0.7", { conditions: { ready: false } }),
        ],
      },
      { ports: [{ ...http, port: 8080 }], endpoints: [at("fd00:10:244::5", { hostname: "db-0" })] },
    ],
  },
  {
    name: "twins",
    spec: headless,
    slices: [
      { ports: [http], endpoints: [at("10.244.2.1", { hostname: "same" }), at("10.244.2.2", { hostname: "same" })] },
    ],
  },
  {
    name: "also",
    spec: headless,
    slices: [{ ports: [], endpoints: [at("10.244.0.6"), at("fd00:10:244:1::", { conditions: {} })] }],
  },
  {
    name: "unready",
    spec: headless,
    slices: [{ ports: [http], endpoints: [at("10.244.0.9", { conditions: { ready: false } })] }],
  },
  { name: "nobody", spec: headless },
  { name: "outside", spec: aliasOf("WWW.Example.com.") },
  { name: "astray", spec: aliasOf("none.example.com") },
  { name: "inside", spec: aliasOf("web.shop.svc.cluster.local") },
  { name: "dangling", spec: aliasOf("none.shop.svc.cluster.local") },
  { name: "numeric", spec: aliasOf("192.0.2.1") },
  { name: "numeric6", spec: aliasOf("2001-db8--1") },
  { name: "self", spec: aliasOf("self.shop.svc.cluster.local") },
  { name: "there", spec: aliasOf("back.shop.svc.cluster.local") },
  { name: "back", spec: aliasOf("there.shop.svc.cluster.local") },
  ...Array.from({ length: 12 }, (_, i) => ({
    name: `step${i}`,
    spec: aliasOf(i === 0 ? "plain.shop.svc.cluster.local" : `step${i - 1}.shop.svc.cluster.local`),
  })),
];

/** Returns a StatefulSet's headless Service with this many pods, `pod-0` and so on. */
export function manyPods(name: string, count: number): TestService {
  const endpoints = Array.from({ length: count }, (_, i) =>
    at(`10.250.${i >> 8}.${i & 255}`, { hostname: `pod-${i}` }),
  );
  return { name, spec: headless, slices: [{ ports: [http], endpoints }] };
}

/** The serial number of the zone in every answer. */
const SERIAL = 7;

/** A responder over the table's cluster, for servers and for tests without one. */
export interface TableResponder {
  respond(proto: "udp" | "tcp"): Respond;
}

/**
 * @param keepsAnswers - Whether an answer is given again. Default: it is.
 * @param corefile - Default: what is in force without one.
 * @param services - Besides those of the table.
 */
export function createTableResponder({
  keepsAnswers = true,
  corefile,
  services = [],
}: {
  readonly keepsAnswers?: boolean;
  readonly corefile?: string;
  readonly services?: readonly TestService[];
} = {}): TableResponder {
  const names = createNames("cluster.local");
  for (const namespace of ["shop", "empty", "kube-system"]) names.setNamespace(namespace, true);
  for (const { name, namespace = "shop", spec, slices = [] } of [...SERVICES, ...services]) {
    // Only what names are made from.
    const service = { metadata: { name, namespace }, spec: { type: "ClusterIP", ...spec } } as unknown as Service;
    names.setService(`${namespace}/${name}`, serviceNames(service, slices as unknown as EndpointSlice[]));
  }
  const settings = testSettings(askWorld, corefile);
  let generation = 0;
  const responder = createResponder({
    names,
    zone: { clusterDomain: "cluster.local", serverAddress: "10.96.0.10" },
    settings: {
      ...settings,
      get generation() {
        return keepsAnswers ? generation : generation++;
      },
    },
    serialBase: SERIAL - names.generation,
    clock: systemClock,
  });
  const requests = requestMetrics(createMetrics())({ address: "127.0.0.1", port: 53, proto: "udp" });
  return { respond: (proto) => responder({ proto, requests }) };
}

/** The names of the world, as an upstream gives them: with an OPT record of its own, its spelling and no AA. */
const askWorld: Ask = (question) => {
  const asked = encodeQuery(1, question);
  return Promise.resolve(encodeReply(decodeQuery(asked), asked, worldReply(question), TCP_BYTES_MAX).slice());
};

function worldReply({ name, type }: { readonly name: string; readonly type: number }): Reply {
  const soa: DnsRecord = {
    name: "example.com",
    ttlSeconds: 60,
    type: "SOA",
    primary: "ns.example.com",
    mailbox: "admin.example.com",
    serial: 1,
    refreshSeconds: 2,
    retrySeconds: 3,
    expireSeconds: 4,
    negativeTtlSeconds: 60,
  };
  if (name !== "www.example.com") return { rcode: "NXDOMAIN", authoritative: false, answers: [], authority: [soa] };
  if (type !== recordTypes.A) return { rcode: "NOERROR", authoritative: false, answers: [], authority: [soa] };
  const answers: DnsRecord[] = [{ name, ttlSeconds: 300, type: "A", address: "192.0.2.53" }];
  return { rcode: "NOERROR", authoritative: false, answers };
}
