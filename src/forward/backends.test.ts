import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service, ServiceSpec } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { type Backends, podBackends, serviceBackends, workloadBackends } from "./backends.ts";

const shown = ({ list, problem }: Backends) =>
  list.length === 0 ? problem : list.map(({ namespace, pod, port }) => `${namespace}/${pod}:${port}`).join(" ");

/** Only what is read of it. */
function service(spec: Partial<ServiceSpec> = {}): Service {
  const ports = [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "dns", port: 53, protocol: "UDP" },
  ];
  return { metadata: { namespace: "shop", name: "web" }, spec: { ports, ...spec } } as Service;
}

type State = "ready" | "unready" | "ending" | "unknown";
const conditions: Readonly<Record<State, Endpoint["conditions"]>> = {
  ready: { ready: true, serving: true, terminating: false },
  unready: { ready: false, serving: false, terminating: false },
  ending: { ready: false, serving: true, terminating: true },
  unknown: {},
};

/** A slice whose endpoints are pods in these states, by name. */
function slice(port: number, pods: Readonly<Record<string, State>>, more: Partial<Endpoint> = {}): EndpointSlice {
  return {
    metadata: { namespace: "shop", name: "web-1" },
    ports: [{ name: "http", port, protocol: "TCP" }],
    endpoints: Object.entries(pods).map(([name, state]) => ({
      addresses: ["192.0.2.1"],
      conditions: conditions[state],
      targetRef: { kind: "Pod", namespace: "shop", name },
      ...more,
    })),
  } as unknown as EndpointSlice;
}

const services: { name: string; slices: EndpointSlice[]; port?: number | string; want: string }[] = [
  { name: "ready pods only", slices: [slice(8080, { a: "ready", b: "unready", c: "ending" })], want: "shop/a:8080" },
  { name: "by the port's name", slices: [slice(8080, { a: "ready" })], port: "http", want: "shop/a:8080" },
  {
    name: "each slice has its own port",
    slices: [slice(8080, { a: "ready" }), slice(9090, { b: "unknown" })],
    want: "shop/a:8080 shop/b:9090",
  },
  { name: "pods that end where none is ready", slices: [slice(1, { a: "unready", b: "ending" })], want: "shop/b:1" },
  { name: "none that is ready", slices: [slice(1, { a: "unready" })], want: "no ready endpoint" },
  { name: "no slice", slices: [], want: "no ready endpoint" },
  { name: "a port it does not have", slices: [slice(1, { a: "ready" })], port: 81, want: "it has no TCP port 81" },
  { name: "a port that is UDP", slices: [slice(1, { a: "ready" })], port: 53, want: "it has no TCP port 53" },
  {
    name: "endpoints that are no pods",
    slices: [slice(1, { a: "ready" }, { targetRef: undefined })],
    want: "its endpoints are no pods: only pods can be forwarded to",
  },
];
for (const { name, slices, port = 80, want } of services) {
  test(`behind a Service: ${name}`, () => {
    assert.equal(shown(serviceBackends(service(), slices, port)), want);
  });
}

test("session affinity has upstream's default, or the Service's own", () => {
  const seconds = (spec: Partial<ServiceSpec>) => serviceBackends(service(spec), [], 80).affinitySeconds;
  assert.equal(seconds({}), undefined);
  assert.equal(seconds({ sessionAffinity: "ClientIP" }), 10_800);
  assert.equal(seconds({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }), 5);
});

/** Only what is read of it. */
function pod(name: string, more: { phase?: string; ready?: string; port?: number; deleted?: true } = {}): Pod {
  const { phase = "Running", ready = "True", port = 8080, deleted } = more;
  return {
    metadata: { namespace: "shop", name, ...(deleted && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: port, protocol: "TCP" }] }] },
    status: { phase, conditions: [{ type: "Ready", status: ready }] },
  } as unknown as Pod;
}

test("a pod is reached by number or name once it runs, ready or not", () => {
  assert.equal(shown(podBackends(pod("a", { ready: "False" }), 9)), "shop/a:9");
  assert.equal(shown(podBackends(pod("a"), "http")), "shop/a:8080");
  assert.equal(shown(podBackends(pod("a"), "metrics")), "no container has a TCP port metrics");
  assert.equal(shown(podBackends(pod("a", { phase: "Pending" }), 9)), "the pod is not running: Pending");
});

test("of a workload's pods the ready ones that are not being deleted, each by its own port", () => {
  const pods = [pod("a"), pod("b", { port: 9090 }), pod("c", { ready: "False" }), pod("d", { deleted: true })];
  assert.equal(shown(workloadBackends(pods, "http")), "shop/a:8080 shop/b:9090");
  assert.equal(shown(workloadBackends(pods, 1)), "shop/a:1 shop/b:1");
  assert.equal(shown(workloadBackends([], 1)), "no ready pod");
});
