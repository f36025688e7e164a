import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { dnsService, reconcileDnsService } from "./dns-service.ts";

type ServicePort = NonNullable<Service["spec"]["ports"]>[number];

const wanted = dnsService({ clusterIP: "10.96.0.10" });
// A draft of ours is complete but for what the API server adds.
const shipped = wanted as Service;
const [dns, dnsTcp, metrics] = (shipped.spec.ports ?? []) as [ServicePort, ServicePort, ServicePort];

function withPorts(...ports: readonly ServicePort[]): Service {
  return { ...shipped, spec: { ...shipped.spec, ports } };
}

const ALL = "dns:53/UDP->53 dns-tcp:53/TCP->53 metrics:9153/TCP->9153";
const cases: { name: string; found: Service; want: string }[] = [
  { name: "as shipped", found: shipped, want: "keep" },
  { name: "with ports in another order", found: withPorts(metrics, dnsTcp, dns), want: "keep" },
  { name: "of an earlier version, without the port metrics", found: withPorts(dns, dnsTcp), want: ALL },
  { name: "without ports", found: withPorts(), want: ALL },
  { name: "with another target", found: withPorts(dns, dnsTcp, { ...metrics, targetPort: 9000 }), want: ALL },
  { name: "with another name", found: withPorts({ ...dns, name: "d" }, dnsTcp, metrics), want: ALL },
  {
    name: "whose port metrics has another number",
    found: withPorts(dns, dnsTcp, { ...metrics, port: 9000 }),
    want: ALL,
  },
  {
    name: "with node ports",
    found: withPorts({ ...dns, nodePort: 30053 }, dnsTcp, metrics),
    want: "keep",
  },
  {
    name: "with node ports, without the port metrics",
    found: withPorts({ ...dns, nodePort: 30053 }, dnsTcp),
    want: ALL.replace("->53", "->53@30053"),
  },
  {
    name: "with a further port",
    found: withPorts(dns, dnsTcp, metrics, { name: "dot", port: 853, protocol: "TCP" }),
    want: "keep",
  },
  {
    name: "with a further port, without the port metrics",
    found: withPorts(dns, dnsTcp, { name: "dot", port: 853, protocol: "TCP", targetPort: 853 }),
    want: `${ALL} dot:853/TCP->853`,
  },
  {
    name: "without its labels",
    found: { ...shipped, metadata: { ...shipped.metadata, labels: { a: "b" } } },
    want: ALL,
  },
];

for (const { name, found, want } of cases) {
  test(`reconcileDnsService: a Service ${name}`, () => {
    const repair = reconcileDnsService(found, wanted);
    assert.equal(repair.verb === "update" ? (repair.object.spec.ports ?? []).map(format).join(" ") : repair.verb, want);
    if (repair.verb === "update") assert.equal(reconcileDnsService(repair.object, wanted).verb, "keep");
  });
}

test("reconcileDnsService: address, selector and further labels stay", () => {
  const spec = {
    ...shipped.spec,
    clusterIP: "10.96.0.53",
    clusterIPs: ["10.96.0.53"],
    selector: { app: "coredns" },
    ports: [],
  };
  const metadata = { ...shipped.metadata, labels: { team: "a" } };
  const repair = reconcileDnsService({ ...shipped, metadata, spec }, wanted);
  assert.ok(repair.verb === "update");
  const { object } = repair;
  assert.deepEqual({ ...object.spec, ports: [] }, spec);
  assert.deepEqual(object.metadata.labels, { team: "a", ...shipped.metadata.labels });
});

/** `dns:53/UDP->53@30053`: name, number, protocol, target and node port. */
function format({ name, port, protocol, targetPort, nodePort }: ServicePort): string {
  return `${name}:${port}/${protocol}->${targetPort}${nodePort === undefined ? "" : `@${nodePort}`}`;
}
