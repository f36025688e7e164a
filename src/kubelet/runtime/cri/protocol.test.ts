import assert from "node:assert/strict";
import { test } from "node:test";
import { testPod } from "../../testing/pods.testing.ts";
import { containerOf, imageOf, sandboxOf, statusOf } from "./decode.ts";
import { messageCodec } from "./message-codec.ts";
import { podSandboxConfig } from "./pod-config.ts";
import { criMethod } from "./protocol.ts";

test("requests are written with CRI's field numbers", () => {
  const { path, encodeRequest } = criMethod("StopContainer");
  assert.equal(path, "/runtime.v1.RuntimeService/StopContainer");
  // Field 1 is the id as a string, field 2 the timeout as a number.
  assert.equal(encodeRequest({ containerId: "ab", timeout: 3 }).toString("hex"), "0a026162" + "1003");
  assert.equal(criMethod("PullImage").path, "/runtime.v1.ImageService/PullImage");
});

test("a pod's sandbox goes out and comes back", () => {
  const pod = testPod({
    containers: [
      {
        name: "app",
        ports: [
          { containerPort: 80, hostPort: 8080, protocol: "TCP" },
          { containerPort: 81, protocol: "TCP" },
        ],
      },
    ],
    securityContext: { runAsUser: 7, fsGroup: 9 },
    shareProcessNamespace: true,
  });
  const config = podSandboxConfig({ pod, attempt: 2, hostname: "web", logDirectory: "/logs", cgroupParent: "/k/pod" });
  const { encode, decode } = messageCodec("RunPodSandboxRequest");
  const back = decode(encode({ config })) as { config: typeof config };
  assert.deepEqual(back.config.metadata, { name: "web", uid: "uid-1", namespace: "shop", attempt: 2 });
  assert.deepEqual(back.config.portMappings, [{ protocol: "TCP", containerPort: 80, hostPort: 8080, hostIp: "" }]);
  assert.equal(back.config.labels["io.kubernetes.pod.uid"], "uid-1");
  const { namespaceOptions, supplementalGroups, runAsUser } = back.config.linux.securityContext;
  assert.deepEqual(
    [namespaceOptions.network, namespaceOptions.pid, supplementalGroups, runAsUser],
    ["POD", "POD", [9], { value: 7 }],
  );
});

test("a pod's kernel settings go out with dots in their names", () => {
  const sysctls = [
    { name: "net/ipv4/tcp_syncookies", value: "0" },
    { name: "kernel.shm_rmid_forced", value: "1" },
  ];
  const pod = testPod({ securityContext: { sysctls } });
  const { linux } = podSandboxConfig({ pod, attempt: 0, hostname: "", logDirectory: "", cgroupParent: "" });
  assert.deepEqual(linux.sysctls, { "net.ipv4.tcp_syncookies": "0", "kernel.shm_rmid_forced": "1" });
});

test("answers become the kubelet's words", () => {
  const labels = { "io.kubernetes.pod.uid": "uid-1" };
  const sandbox = sandboxOf({
    id: "s",
    metadata: { name: "web", uid: "uid-1", namespace: "shop", attempt: 1 },
    state: "SANDBOX_READY",
    createdAt: 1_700_000_000_123_000_000,
    labels: {},
    annotations: {},
    network: { ip: "10.244.1.2", additionalIps: [{ ip: "fd00::2" }] },
  });
  assert.deepEqual(
    [sandbox.ready, sandbox.ips, sandbox.createdAt],
    [true, ["10.244.1.2", "fd00::2"], 1_700_000_000_123],
  );

  const container = containerOf(
    {
      id: "c",
      metadata: { name: "app", attempt: 3 },
      image: { image: "app:1" },
      imageRef: "sha256:1",
      state: "CONTAINER_EXITED",
      createdAt: 1e18,
      startedAt: 1e18,
      finishedAt: 2e18,
      exitCode: 137,
      reason: "OOMKilled",
      message: "",
      logPath: "/logs/app/3.log",
      labels,
      annotations: {},
    },
    "s",
  );
  assert.deepEqual(
    [container.state, container.podUid, container.attempt, container.reason],
    ["exited", "uid-1", 3, "OOMKilled"],
  );

  const image = { id: "i", repoTags: [], repoDigests: [], size: 5, uid: null, username: "" };
  assert.equal(imageOf(image).uid, 0, "an image that asks for nobody runs as root");
  assert.equal(imageOf({ ...image, username: "www" }).uid, undefined, "a name says nothing about the number");
});

test("the runtime is ready when both of its conditions are", () => {
  const condition = (type: string, status: boolean) => ({
    type,
    status,
    reason: status ? "" : "NotYet",
    message: status ? "" : type,
  });
  assert.deepEqual(statusOf([condition("RuntimeReady", true), condition("NetworkReady", true)]), {
    ready: true,
    networkReady: true,
    reason: "",
    message: "",
  });
  assert.deepEqual(statusOf([condition("RuntimeReady", true), condition("NetworkReady", false)]), {
    ready: true,
    networkReady: false,
    reason: "NotYet",
    message: "NetworkReady",
  });
  assert.equal(statusOf([]).ready, false);
});
