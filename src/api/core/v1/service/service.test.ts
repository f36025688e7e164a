import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type { Service } from "./service.ts";
import { serviceKind } from "./service.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 5);

function service(spec: Draft<Service["spec"]>, previous?: Service): Service {
  return complete(serviceKind, draft(spec), previous);
}

function draft(spec: Draft<Service["spec"]>): Draft<Service> {
  return { metadata: { name: "web", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" }, spec };
}

test("a Service gets upstream's defaults", () => {
  assert.deepEqual(service({ ports: [{ port: 80 }], selector: { app: "web" } }).spec, {
    ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    selector: { app: "web" },
    type: "ClusterIP",
    sessionAffinity: "None",
    sessionAffinityConfig: undefined,
    internalTrafficPolicy: "Cluster",
  });
});

test("types and affinity have defaults of their own", () => {
  const balanced = service({
    type: "LoadBalancer",
    sessionAffinity: "ClientIP",
    ports: [{ port: 80, targetPort: "http" }],
  });
  assert.equal(balanced.spec.externalTrafficPolicy, "Cluster");
  assert.equal(balanced.spec.allocateLoadBalancerNodePorts, true);
  assert.deepEqual(balanced.spec.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10_800 } });
  assert.equal(balanced.spec.ports?.[0]?.targetPort, "http");
});

const ports = [{ port: 80 }];
const refusals: { name: string; spec: Draft<Service["spec"]>; want: string[] }[] = [
  { name: "nothing wrong", spec: { ports }, want: [] },
  { name: "a headless Service without ports", spec: { clusterIP: "None" }, want: [] },
  { name: "no ports", spec: {}, want: ["spec.ports: Required value"] },
  {
    name: "port 0",
    spec: { ports: [{ port: 0 }] },
    want: [
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
  },
  {
    name: "port 70000",
    spec: { ports: [{ port: 70_000, targetPort: 80 }] },
    want: ["spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"],
  },
  {
    name: "two ports without names",
    spec: { ports: [{ port: 80 }, { port: 81 }] },
    want: ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
  },
  {
    name: "two ports with one name",
    spec: {
      ports: [
        { name: "a", port: 80 },
        { name: "a", port: 81 },
      ],
    },
    want: ['spec.ports[1].name: Duplicate value: "a"'],
  },
  {
    name: "the same port twice",
    spec: {
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 80 },
      ],
    },
    want: [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  },
  {
    name: "a node port on a ClusterIP Service",
    spec: { ports: [{ port: 80, nodePort: 30_080 }] },
    want: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  },
  {
    name: "an unknown protocol",
    spec: { ports: [{ port: 80, protocol: "ICMP" as "TCP" }] },
    want: ['spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
  },
  {
    name: "a bad selector",
    spec: { ports, selector: { app: "a b" } },
    want: [
      `spec.selector: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  },
  {
    name: "an unknown type",
    spec: { ports, type: "Magic" as "ClusterIP" },
    want: [
      'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  },
  {
    name: "a clusterIP that is no address",
    spec: { ports, clusterIP: "10.96.0.999" },
    want: [
      'spec.clusterIPs[0]: Invalid value: "10.96.0.999": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  },
  {
    name: "a headless NodePort Service",
    spec: { ports, type: "NodePort", clusterIP: "None" },
    want: [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`],
  },
  {
    name: "an ExternalName without a name",
    spec: { type: "ExternalName" },
    want: ["spec.externalName: Required value"],
  },
  {
    name: "an affinity timeout of a week",
    spec: { ports, sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 604_800 } } },
    want: [
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 604800: must be greater than 0 and less than 86400",
    ],
  },
  {
    name: "an external policy inside",
    spec: { ports, externalTrafficPolicy: "Local" },
    want: ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
  },
  {
    name: "a loopback external address",
    spec: { ports, externalIPs: ["127.0.0.1"] },
    want: ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  },
  {
    name: "source ranges without a load balancer",
    spec: { ports, loadBalancerSourceRanges: ["10.0.0.0/8"] },
    want: ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  },
];

for (const { name, spec, want } of refusals) {
  test(`validateService: ${name}`, () => assert.deepEqual(problemsOf(serviceKind, draft(spec)), want));
}

const stored = service({ ports: [{ port: 80, nodePort: 30_080 }], type: "NodePort", clusterIP: "10.96.0.7" });

test("applying a Service again keeps what was allocated", () => {
  const again = service({ ports: [{ port: 80 }], type: "NodePort" }, stored);
  assert.equal(again.spec.clusterIP, "10.96.0.7");
  assert.deepEqual(again.spec.clusterIPs, ["10.96.0.7"]);
  assert.equal(again.spec.ports?.[0]?.nodePort, 30_080);
  assert.deepEqual(serviceKind.validate(again, stored), []);
});

test("a Service that becomes ClusterIP gives its node ports back", () => {
  const narrowed = service({ ...stored.spec, type: "ClusterIP" }, stored);
  assert.equal(narrowed.spec.ports?.[0]?.nodePort, undefined);
  assert.equal(narrowed.spec.externalTrafficPolicy, undefined);
  assert.deepEqual(serviceKind.validate(narrowed, stored), []);
});

test("a Service that becomes ExternalName gives its address back", () => {
  const renamed = service({ ...stored.spec, type: "ExternalName", externalName: "example.com" }, stored);
  assert.equal(renamed.spec.clusterIP, undefined);
  assert.deepEqual(serviceKind.validate(renamed, stored), []);
});

test("a Service that leaves its load balancer forgets the ways into it", () => {
  const balanced = service({ type: "LoadBalancer", ports, clusterIP: "10.96.0.9" });
  const announced = { ...balanced, status: { loadBalancer: { ingress: [{ ip: "172.30.0.200" }] } } };
  assert.deepEqual(serviceKind.validate(announced, balanced), []);
  const left = serviceKind.withDefaults({ ...announced, spec: { ...announced.spec, type: "ClusterIP" } }, announced);
  assert.deepEqual(left.status.loadBalancer, {});
  assert.deepEqual(serviceKind.validate(left, announced), []);
  const early = { ...stored, status: announced.status };
  assert.deepEqual(
    serviceKind.validate(early, stored).map(({ path, message }) => `${path}: ${message}`),
    ['status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is "LoadBalancer"'],
  );
});

test("the address of a Service does not change", () => {
  assert.deepEqual(problemsOf(serviceKind, draft({ ...stored.spec, clusterIP: "10.96.0.8" }), stored), [
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set',
  ]);
});

test("kubectl get services prints upstream's columns", () => {
  const cells = (s: Service) => serviceKind.columns.map((column) => column.cell(s, NOW));
  assert.deepEqual(cells(stored), ["web", "NodePort", "10.96.0.7", "<none>", "80:30080/TCP", "5m", "<none>"]);
  const balanced = service({
    type: "LoadBalancer",
    ports: [{ port: 443 }],
    clusterIP: "10.96.0.9",
    selector: { b: "2", a: "1" },
  });
  assert.deepEqual(cells(balanced).slice(3), ["<pending>", "443/TCP", "5m", "a=1,b=2"]);
  const { ingress } = { ingress: [{ ip: "172.30.0.200" }, { ip: "172.30.0.201" }] };
  assert.equal(cells({ ...balanced, status: { loadBalancer: { ingress } } })[3], "172.30.0.200,...");
});
