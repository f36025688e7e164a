import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import type { ListeningSocket } from "../../node/listening-sockets.ts";
import { testPod } from "../../testing/pods.testing.ts";
import { hostPortConflicts } from "./host-port-conflicts.ts";

type Port = NonNullable<Pod["spec"]["containers"][number]["ports"]>[number];

const listening: readonly ListeningSocket[] = [
  { protocol: "TCP", address: "0.0.0.0", port: 10_250 },
  { protocol: "TCP", address: "127.0.0.1", port: 10_249 },
  { protocol: "TCP", address: "0000:0000:0000:0000:0000:0000:0000:0001", port: 7_000 },
  { protocol: "UDP", address: "::", port: 53 },
];

const cases: { name: string; port: Draft<Port>; spec?: Draft<Pod["spec"]>; want: boolean }[] = [
  { name: "the kubelet's port", port: { hostPort: 10_250 }, want: true },
  { name: "a port of the node's loopback", port: { hostPort: 10_249 }, want: true },
  { name: "one of IPv6, to which host ports do not lead", port: { hostPort: 7_000 }, want: false },
  { name: "the same number in another protocol", port: { hostPort: 53 }, want: false },
  { name: "all addresses of both families", port: { hostPort: 53, protocol: "UDP" }, want: true },
  { name: "a host address of a socket at all of them", port: { hostPort: 10_250, hostIP: "172.30.0.1" }, want: true },
  { name: "another host address", port: { hostPort: 10_249, hostIP: "172.30.0.1" }, want: false },
  { name: "a port of the pod alone", port: { containerPort: 10_250 }, want: false },
  { name: "a pod in the node's network", port: { hostPort: 10_250 }, spec: { hostNetwork: true }, want: false },
];

for (const { name, port, spec, want } of cases) {
  test(`hostPortConflicts: ${name}`, () => {
    const ports = [{ containerPort: 80, protocol: "TCP" as const, ...port }];
    const pod = testPod({ ...spec, containers: [{ name: "app", ports }] });
    const { hostPort, protocol } = { protocol: "TCP", ...port };
    const message = `A program of the node listens at host port ${hostPort}/${protocol} of container "app": new connections reach the pod instead`;
    assert.deepEqual(hostPortConflicts(pod, listening), want ? [message] : []);
  });
}
