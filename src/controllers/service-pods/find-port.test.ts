import assert from "node:assert/strict";
import { test } from "node:test";
import { findPort } from "./find-port.ts";
import { pod } from "./objects.testing.ts";

const named = pod({
  containers: [{ name: "web", ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }] }],
  initContainers: [
    { name: "setup", ports: [{ name: "admin", containerPort: 1, protocol: "TCP" }] },
    { name: "sidecar", restartPolicy: "Always", ports: [{ name: "admin", containerPort: 9901, protocol: "TCP" }] },
  ],
});

const cases: {
  name: string;
  targetPort: string | number | undefined;
  protocol?: "TCP" | "UDP";
  want: number | undefined;
}[] = [
  { name: "a number is taken unchanged", targetPort: 80, want: 80 },
  { name: "no target port means the Service's own", targetPort: undefined, want: 443 },
  { name: "a name is looked up in the containers", targetPort: "http", want: 8080 },
  { name: "a sidecar's ports count, an ordinary init container's do not", targetPort: "admin", want: 9901 },
  { name: "the protocol must be the same", targetPort: "http", protocol: "UDP", want: undefined },
  { name: "an unknown name leads nowhere", targetPort: "metrics", want: undefined },
];

for (const { name, targetPort, protocol = "TCP", want } of cases) {
  test(`findPort: ${name}`, () => {
    assert.equal(findPort(named, { name: "p", port: 443, protocol, targetPort }), want);
  });
}
