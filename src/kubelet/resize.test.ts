import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { PodRuntime } from "./runtime/pod-runtime.ts";
import { startKubeletWorld } from "./testing/kubelet-world.testing.ts";

const SMALL = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } };
const key = { namespace: "default", name: "pod" };

/** A kubelet whose runtime notes what it is asked to change, and counts this much memory. */
async function started(t: TestContext, { files, usedBytes = 0 }: { files?: string; usedBytes?: number } = {}) {
  const updates: { id: string; resources: ResourceRequirements }[] = [];
  const used = { bytes: usedBytes };
  const world = await startKubeletWorld({
    ...(files !== undefined && { files }),
    runtimeThrough: (runtime): PodRuntime => ({
      ...runtime,
      memoryUsage: async () => used.bytes,
      async updateContainer(id, resources) {
        updates.push({ id, resources });
        await runtime.updateContainer(id, resources);
      },
    }),
  });
  t.after(() => world[Symbol.asyncDispose]());
  const create = async (container: object = {}, spec: Draft<Pod["spec"]> = {}) => {
    const containers = [{ name: "app", image: "tools", resources: SMALL, ...container }];
    await world.create({ automountServiceAccountToken: false, containers, ...spec });
    return world.untilPod((pod) => statusOf(pod)?.resources !== undefined);
  };
  const resize = (resources: ResourceRequirements) => {
    const spec = { containers: [{ name: "app", resources }] };
    return world.client.patch(podKind, key, "strategic", { spec }, { subresource: "resize" });
  };
  const untilEvent = (reason: string) =>
    world.until(`event ${reason}`, async () => {
      const { items } = await world.client.list(eventKind, { namespace: "default" });
      return items.find((event) => event.reason === reason);
    });
  return { world, updates, used, create, resize, untilEvent };
}

test("a running container gets other resources, and its pod's status says so", async (t) => {
  const { world, updates, create, resize, untilEvent } = await started(t);
  const before = await create();
  assert.deepEqual(statusOf(before)?.resources, SMALL);
  assert.deepEqual(statusOf(before)?.allocatedResources, SMALL.requests);
  const wanted = { requests: { cpu: "200m", memory: "64Mi" }, limits: { memory: "256Mi" } };
  const asked = await resize(wanted);
  assert.equal(asked.metadata.generation, 2);

  const after = await world.untilPod((pod) => statusOf(pod)?.resources?.limits?.memory === "256Mi" && !isResizing(pod));
  assert.deepEqual(statusOf(after)?.allocatedResources, wanted.requests);
  assert.deepEqual(updates, [{ id: containerIdOf(before), resources: wanted }]);
  assert.equal(containerIdOf(after), containerIdOf(before));
  assert.equal(statusOf(after)?.restartCount, 0);
  const event = await untilEvent("ResizeCompleted");
  const shown = '{"limits":{"memory":"256Mi"},"requests":{"cpu":"200m","memory":"64Mi"}}';
  assert.equal(
    event.message,
    `Pod resize completed: {"containers":[{"name":"app","resources":${shown}}],"generation":2}`,
  );
  await untilEvent("ResizeStarted");
});

for (const restartPolicy of ["Always", "OnFailure"] as const) {
  test(`a container whose policy asks for it starts again, though it ends with 0, in a pod with ${restartPolicy}`, async (t) => {
    const { world, updates, create, resize } = await started(t);
    const resizePolicy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }];
    const before = await create({ resizePolicy }, { restartPolicy });
    await resize({ ...SMALL, limits: { memory: "256Mi" } });
    const after = await world.untilPod((pod) => statusOf(pod)?.restartCount === 1 && statusOf(pod)?.ready === true);
    assert.notEqual(containerIdOf(after), containerIdOf(before));
    assert.equal(statusOf(after)?.resources?.limits?.memory, "256Mi");
    assert.equal(statusOf(after)?.lastState?.terminated?.exitCode, 0);
    assert.deepEqual(updates, []);
  });
}

test("what the node cannot give is infeasible, and what it cannot give now is given once another pod has gone", async (t) => {
  const { world, create, resize, untilEvent } = await started(t);
  await create();
  const processors = await world.until("the node's size", async () => {
    const { status } = await world.client.get(nodeKind, { name: "node-1" });
    return status.allocatable === undefined ? undefined : Number(status.allocatable.cpu);
  });
  await resize({ ...SMALL, requests: { ...SMALL.requests, cpu: String(processors + 1) } });
  const never = await world.untilPod((pod) => pendingOf(pod) !== undefined);
  assert.equal(pendingOf(never)?.reason, "Infeasible");
  const [requested, capacity] = [(processors + 1) * 1_000, processors * 1_000];
  const why = `cpu, requested: ${requested}, capacity: ${capacity}`;
  assert.equal(pendingOf(never)?.message, `Node didn't have enough capacity: ${why}`);
  assert.equal(statusOf(never)?.resources?.requests?.cpu, "100m");
  await untilEvent("ResizeInfeasible");

  const other = { namespace: "default", name: "other" };
  const resources = { requests: { cpu: "1" } };
  const spec = { nodeName: "node-1", containers: [{ name: "app", image: "tools", resources }] };
  await world.client.create(podKind, { metadata: other, spec: { ...spec, terminationGracePeriodSeconds: 1 } });
  await world.until(
    "the other pod",
    async () => (await world.client.get(podKind, other)).status.phase === "Running" || undefined,
  );
  await resize({ ...SMALL, requests: { ...SMALL.requests, cpu: String(processors) } });
  const deferred = await world.untilPod((pod) => pendingOf(pod)?.reason === "Deferred");
  const full = `cpu, requested: ${capacity}, used: 1000, capacity: ${capacity}`;
  assert.equal(pendingOf(deferred)?.message, `Node didn't have enough resource: ${full}`);
  await untilEvent("ResizeDeferred");

  await world.client.delete(podKind, other);
  const given = await world.untilPod((pod) => pendingOf(pod) === undefined && !isResizing(pod));
  assert.equal(statusOf(given)?.resources?.requests?.cpu, String(processors));
});

test("a limit below what a container uses is not set, and tried again", async (t) => {
  const { world, updates, used, create, resize, untilEvent } = await started(t, { usedBytes: 100 * 1024 ** 2 });
  await create();
  await resize({ ...SMALL, limits: { memory: "80Mi" } });
  const refused = await world.untilPod((pod) => inProgressOf(pod)?.reason === "Error");
  const why = `attempting to set container "app" memory limit (83886080) below current usage (104857600)`;
  assert.equal(inProgressOf(refused)?.message, `cannot decrease memory limits: ${why}`);
  assert.equal(statusOf(refused)?.resources?.limits?.memory, "128Mi");
  assert.deepEqual(updates, []);
  await untilEvent("ResizeError");
  used.bytes = 1024 ** 2;
  await world.untilPod((pod) => statusOf(pod)?.resources?.limits?.memory === "80Mi" && !isResizing(pod));
});

test("a kubelet that starts over knows what it has set aside and given", async (t) => {
  const files = await temporaryFolder(t);
  const { world, updates, create, resize } = await started(t, { files });
  const before = await create();
  const wanted = { ...SMALL, limits: { memory: "256Mi" } };
  await resize(wanted);
  await world.untilPod((pod) => statusOf(pod)?.resources?.limits?.memory === "256Mi" && !isResizing(pod));
  const file = `${files}/kubelet/pods/${before.metadata.uid}/record.json`;
  const record = await world.until("the record of the end", async () => {
    const text = await readFile(file, "utf8");
    return text.includes("generation") ? undefined : text;
  });
  assert.deepEqual(JSON.parse(record), {
    resize: { allocated: { app: wanted }, given: { [containerIdOf(before)]: wanted } },
  });
  await world.restartKubelet();
  await world.client.patch(podKind, key, "merge", { metadata: { labels: { seen: "yes" } } });
  await resize({ ...SMALL, limits: { memory: "512Mi" } });
  await world.untilPod((pod) => statusOf(pod)?.resources?.limits?.memory === "512Mi" && !isResizing(pod));
  assert.deepEqual(
    updates.map(({ resources }) => resources.limits?.memory),
    ["256Mi", "512Mi"],
  );
});

const statusOf = ({ status }: Pod) => status.containerStatuses?.[0];
const containerIdOf = (pod: Pod) => (statusOf(pod)?.containerID ?? "").replace("simulated://", "");
const conditionOf = ({ status }: Pod, type: string) => status.conditions?.find((one) => one.type === type);
const pendingOf = (pod: Pod) => conditionOf(pod, "PodResizePending");
const inProgressOf = (pod: Pod) => conditionOf(pod, "PodResizeInProgress");
const isResizing = (pod: Pod) => (inProgressOf(pod) ?? pendingOf(pod)) !== undefined;
