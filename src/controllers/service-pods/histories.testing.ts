import type { Service } from "@fairlead/api/core/v1/service/service";
import fc from "fast-check";
import type { PodTraits } from "./objects.testing.ts";

const serving = (ports: Readonly<Record<string, number>>) => [
  {
    name: "c",
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" as const })),
  },
];
const web = { name: "http", protocol: "TCP" as const, port: 80, targetPort: "web" };
const metrics = { name: "metrics", protocol: "TCP" as const, port: 9090, targetPort: "metrics" };

/** Names of few pods, so that histories come back to the same ones. */
export const podNames = fc.constantFrom("p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9");

/** Pods that differ in what endpoints show, and in whether {@link serviceSpecs} select them. */
export const podTraits: fc.Arbitrary<PodTraits> = fc.record({
  ips: fc.constantFrom<readonly string[]>(["10.244.0.1"], ["10.244.0.1", "fd00::1"], ["10.244.0.2"], []),
  ready: fc.boolean(),
  terminating: fc.boolean(),
  phase: fc.constantFrom("Running" as const, "Running" as const, "Succeeded" as const),
  node: fc.constantFrom("n1", "n1", "n2", ""),
  labels: fc.constantFrom<Record<string, string>>({ app: "web" }, { app: "web" }, { app: "web", v: "2" }, { app: "x" }),
  readySince: fc.integer({ min: 10, max: 59 }).map((second) => `2026-01-01T00:00:${second}Z`),
  containers: fc.constantFrom(
    serving({ web: 8080 }),
    serving({ web: 8080 }),
    serving({ web: 9090 }),
    serving({ web: 8080, metrics: 90 }),
    serving({}),
  ),
});

/** Versions of one Service. */
export const serviceSpecs: fc.Arbitrary<Partial<Service["spec"]>> = fc.record({
  clusterIP: fc.constantFrom("10.96.0.20", "10.96.0.20", "None"),
  ipFamilies: fc.constantFrom<string[]>(["IPv4"], ["IPv6"], ["IPv4", "IPv6"]),
  publishNotReadyAddresses: fc.boolean(),
  trafficDistribution: fc.constantFrom("PreferSameZone", "PreferSameNode"),
  selector: fc.constantFrom<Record<string, string>>({ app: "web" }, { app: "web", v: "2" }),
  ports: fc.constantFrom([web], [web], [web, metrics], []),
});
