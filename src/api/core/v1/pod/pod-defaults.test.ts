import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../complete.testing.ts";
import { defaultPullPolicy } from "./image-tag.ts";
import { podKind } from "./pod.ts";

const pullPolicies: [image: string, want: string][] = [
  ["web", "Always"],
  ["web:latest", "Always"],
  ["web:1", "IfNotPresent"],
  ["registry.example:5000/web", "Always"],
  ["registry.example:5000/web:1", "IfNotPresent"],
  ["web@sha256:0123", "IfNotPresent"],
  ["web:latest@sha256:0123", "Always"],
];
for (const [image, want] of pullPolicies) {
  test(`${image} is pulled ${want}`, () => assert.equal(defaultPullPolicy(image), want));
}

test("a Pod gets upstream's defaults", () => {
  const pod = complete(podKind, {
    metadata: { name: "p" },
    spec: {
      containers: [
        {
          name: "a",
          image: "a",
          resources: { limits: { cpu: "1" } },
          livenessProbe: { httpGet: { port: 80 }, periodSeconds: 0 },
        },
      ],
      volumes: [{ name: "v" }],
      serviceAccount: "old",
    },
  });
  assert.deepEqual(pod.spec, {
    containers: [
      {
        name: "a",
        image: "a",
        resources: { limits: { cpu: "1" }, requests: { cpu: "1" } },
        livenessProbe: {
          httpGet: { path: "/", port: 80, scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "Always",
      },
    ],
    volumes: [{ name: "v", emptyDir: {} }],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    serviceAccountName: "old",
    serviceAccount: "old",
    securityContext: {},
    schedulerName: "default-scheduler",
    enableServiceLinks: true,
  });
});

test("on the host's network, ports are the host's", () => {
  const pod = complete(podKind, {
    spec: { hostNetwork: true, containers: [{ name: "a", image: "a:1", ports: [{ containerPort: 80 }] }] },
  });
  assert.deepEqual(pod.spec.containers[0]?.ports, [{ containerPort: 80, protocol: "TCP", hostPort: 80 }]);
});
