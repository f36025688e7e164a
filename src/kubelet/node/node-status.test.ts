import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeStatusInput } from "./node-status.ts";
import { nodeStatus, withoutHeartbeats } from "./node-status.ts";

const MIB = 1024 ** 2;
const input: NodeStatusInput = {
  nodeName: "node-1",
  nodeIPs: ["172.30.0.2"],
  machine: {
    cpus: 2,
    memoryBytes: 1_000 * MIB,
    diskBytes: 1_000 * MIB,
    info: {
      machineID: "m",
      systemUUID: "s",
      bootID: "b",
      kernelVersion: "6.1",
      osImage: "Debian",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  },
  room: { memoryAvailableBytes: 500 * MIB, diskAvailableShare: 0.5, pidsAvailableShare: 0.9 },
  runtime: { ready: true, networkReady: true, reason: "", message: "" },
  runtimeVersion: "containerd://1.6.20",
  kubeletVersion: "v1.35.0",
  serverPort: 10_250,
  maxPods: 110,
  images: [],
  previous: [],
  now: 0,
};

test("a node keeps some memory and disk for itself", () => {
  const { capacity, allocatable } = nodeStatus(input);
  assert.deepEqual([capacity?.memory, allocatable?.memory], ["1024000Ki", "921600Ki"]);
  assert.deepEqual([capacity?.["ephemeral-storage"], allocatable?.["ephemeral-storage"]], ["1024000Ki", "943718400"]);
  assert.deepEqual([capacity?.cpu, allocatable?.pods], ["2", "110"]);
});

const conditions: { name: string; change: Partial<NodeStatusInput>; type: string; want: string }[] = [
  { name: "ready", change: {}, type: "Ready", want: "True KubeletReady kubelet is posting ready status" },
  {
    name: "no network",
    change: {
      runtime: {
        ready: true,
        networkReady: false,
        reason: "NetworkPluginNotReady",
        message: "cni plugin not initialized",
      },
    },
    type: "Ready",
    want: "False KubeletNotReady container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:cni plugin not initialized",
  },
  {
    name: "no runtime",
    change: { runtime: { unreachable: "no socket" } },
    type: "Ready",
    want: "False KubeletNotReady [container runtime is down: no socket]",
  },
  {
    name: "little memory",
    change: { room: { ...input.room, memoryAvailableBytes: 10 * MIB } },
    type: "MemoryPressure",
    want: "True KubeletHasInsufficientMemory kubelet has insufficient memory available",
  },
  {
    name: "a full disk",
    change: { room: { ...input.room, diskAvailableShare: 0 } },
    type: "DiskPressure",
    want: "True KubeletHasDiskPressure kubelet has disk pressure",
  },
  {
    name: "enough processes",
    change: {},
    type: "PIDPressure",
    want: "False KubeletHasSufficientPID kubelet has sufficient PID available",
  },
];

for (const { name, change, type, want } of conditions) {
  test(`nodeStatus: ${name}`, () => {
    const found = nodeStatus({ ...input, ...change }).conditions?.find((c) => c.type === type);
    assert.equal(`${found?.status} ${found?.reason} ${found?.message}`, want);
  });
}

test("a condition keeps the time at which it turned; a heartbeat alone is no change", () => {
  const before = nodeStatus(input);
  const after = nodeStatus({ ...input, previous: before.conditions ?? [], now: 60_000 });
  const ready = after.conditions?.find((c) => c.type === "Ready");
  assert.deepEqual(
    [ready?.lastTransitionTime, ready?.lastHeartbeatTime],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z"],
  );
  assert.equal(withoutHeartbeats(after), withoutHeartbeats(before));
});
