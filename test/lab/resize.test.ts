/** CPU and memory of running containers that change, as the containers themselves see it in their cgroups. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { podKind } from "../../src/api/core/v1/pod/pod.ts";
import type { KubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { startKubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const MIB = 1024 ** 2;

/** Defines `memory` and `quota`, of either version of cgroups. */
const LIMITS = `
cd /sys/fs/cgroup
memory() { cat memory/memory.limit_in_bytes 2>/dev/null || cat memory.max; }
quota() { cat cpu/cpu.cfs_quota_us 2>/dev/null || cut -d ' ' -f 1 cpu.max; }
`;

if (insideOwnNamespaces(import.meta.filename)) {
  let node: KubeletOnContainerd;

  before(async () => {
    node = await startKubeletOnContainerd();
  });

  after(() => node[Symbol.asyncDispose]());

  const resize = (name: string, resources: object) => {
    const spec = { containers: [{ name: "app", resources }] };
    return node.client.patch(podKind, { namespace: "default", name }, "strategic", { spec }, { subresource: "resize" });
  };

  test("a running container sees other limits, and goes on", async () => {
    const script = `${LIMITS}
      memory; quota
      until [ "$(memory)" = ${256 * MIB} ] && [ "$(quota)" = 50000 ]; do sleep 0.05; done
      echo more
      until [ "$(memory)" = ${64 * MIB} ] && [ "$(quota)" = 20000 ]; do sleep 0.05; done
      echo less`;
    const resources = { requests: { cpu: "50m", memory: "32Mi" }, limits: { cpu: "100m", memory: "128Mi" } };
    await node.create("grows", { containers: [node.shell("app", script, { resources })] });
    await node.untilPod("grows", ({ status }) => status.containerStatuses?.[0]?.state?.running !== undefined);
    await resize("grows", { limits: { cpu: "500m", memory: "256Mi" } });
    await node.untilPod("grows", ({ status }) => {
      const { cpu, memory } = status.containerStatuses?.[0]?.resources?.limits ?? {};
      return cpu === "500m" && memory === "256Mi";
    });
    await resize("grows", { limits: { cpu: "200m", memory: "64Mi" } });
    assert.equal((await node.outputOf("grows", "app")).trim(), [128 * MIB, 10_000, "more", "less"].join("\n"));
    const { status } = await node.client.get(podKind, { namespace: "default", name: "grows" });
    assert.equal(status.containerStatuses?.[0]?.restartCount, 0);
  });

  test("a limit below what a container holds is refused, and the container lives", async () => {
    const script = `${LIMITS}
      dd if=/dev/zero of=/memory/held bs=1M count=64 2>/dev/null
      until [ -e /memory/end ]; do sleep 0.05; done
      memory`;
    const volume = { name: "memory", emptyDir: { medium: "Memory" } };
    const volumeMounts = [{ name: "memory", mountPath: "/memory" }];
    const resources = { limits: { memory: "128Mi" }, requests: { memory: "16Mi" } };
    const readinessProbe = { exec: { command: ["test", "-s", "/memory/held"] }, periodSeconds: 1 };
    const more = { resources, volumeMounts, readinessProbe };
    await node.create("holds", { volumes: [volume], containers: [node.shell("app", script, more)] });
    await node.untilPod("holds", ({ status }) => status.containerStatuses?.[0]?.ready === true);
    await resize("holds", { limits: { memory: "32Mi" } });
    const refused = await node.untilPod("holds", ({ status }) =>
      (status.conditions ?? []).some(({ type, reason }) => type === "PodResizeInProgress" && reason === "Error"),
    );
    const condition = refused.status.conditions?.find(({ type }) => type === "PodResizeInProgress");
    const why = /^cannot decrease memory limits: attempting to set container "app" memory limit \(33554432\) below/;
    assert.match(condition?.message ?? "", why);
    assert.notEqual(refused.status.containerStatuses?.[0]?.state?.running, undefined);
  });
}
