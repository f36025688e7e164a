import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { service, slice } from "./objects.testing.ts";
import type { PortMapping } from "./service-ports.ts";
import { servicePorts } from "./service-ports.ts";

const here = { family: "ip", place: { nodeName: "n1" } } as const;

test("servicePorts finds each port's endpoints by the port's name and protocol", () => {
  const ports = [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "none", port: 9, protocol: "TCP" },
  ] as const;
  const slices = [
    slice("10.244.1.2@n1", {
      ports: [
        { name: "http", protocol: "TCP", port: 8080 },
        { name: "dns", protocol: "UDP", port: 5353 },
        { name: "none", protocol: "UDP", port: 9999 },
      ],
    }),
  ];
  assert.deepEqual(shown(servicePorts(service({ ports }), slices, here)), [
    "shop/quote:http tcp 10.96.0.5:80 -> 10.244.1.2:8080",
    "shop/quote:dns udp 10.96.0.5:53 -> 10.244.1.2:5353",
    "shop/quote:none tcp 10.96.0.5:9 -> ",
  ]);
});

test("servicePorts takes an endpoint that two slices have once", () => {
  const slices = [slice("10.244.1.2 10.244.1.3"), slice("10.244.1.2@n1")];
  assert.deepEqual(shown(servicePorts(service(), slices, here)), [
    "shop/quote: tcp 10.96.0.5:80 -> 10.244.1.2:8080 10.244.1.3:8080",
  ]);
});

test("servicePorts takes each family's addresses for itself, and spells them one way", () => {
  const dual = service({ clusterIPs: ["10.96.0.5", "FD00::0:5"] });
  const slices: EndpointSlice[] = [slice("10.244.1.2"), slice("fd01:0::2 fd01::2")];
  assert.deepEqual(shown(servicePorts(dual, slices, here)), ["shop/quote: tcp 10.96.0.5:80 -> 10.244.1.2:8080"]);
  assert.deepEqual(shown(servicePorts(dual, slices, { ...here, family: "ip6" })), [
    "shop/quote: tcp fd00::5:80 -> fd01::2:8080",
  ]);
  assert.deepEqual(servicePorts(service(), slices, { ...here, family: "ip6" }), []);
});

test("servicePorts passes over what is no address, so that the rest works", () => {
  const broken = service({ externalIPs: ["", "10.1", "fe80::1%eth0", "203.0.113.5"] });
  const slices = [slice("10.244.1.2"), slice("nonsense 10.244.1", { addressType: "IPv4" })];
  const mappings = servicePorts(broken, slices, here);
  assert.deepEqual(shown(mappings), ["shop/quote: tcp 10.96.0.5:80 -> 10.244.1.2:8080"]);
  assert.deepEqual(mappings[0]?.externalAddresses, ["203.0.113.5"]);
});

test("servicePorts counts an endpoint without a node name as possibly local", () => {
  const [mapping] = servicePorts(service(), [slice("10.244.1.2 10.244.2.2@n2")], here);
  assert.deepEqual(
    mapping?.cluster.map(({ mayBeHere }) => mayBeHere),
    [true, false],
  );
});

test("servicePorts reads how long affinity lasts, and upstream's default where nothing is said", () => {
  const seconds = (config: object) =>
    servicePorts(service({ sessionAffinity: "ClientIP", ...config }), [], here)[0]?.affinitySeconds;
  assert.equal(seconds({}), 10_800);
  assert.equal(seconds({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }), 60);
  assert.equal(servicePorts(service(), [], here)[0]?.affinitySeconds, undefined);
});

function shown(mappings: readonly PortMapping[]): string[] {
  return mappings.map(({ name, protocol, clusterIP, port, cluster }) => {
    const endpoints = cluster.map((backend) => `${backend.address}:${backend.port}`).join(" ");
    return `${name} ${protocol} ${clusterIP}:${port} -> ${endpoints}`;
  });
}
