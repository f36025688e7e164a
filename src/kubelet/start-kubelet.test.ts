import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { clockToSet, startKubeletWorld } from "./testing/kubelet-world.testing.ts";

test("a kubelet registers its node and says that it is ready", async () => {
  await using world = await startKubeletWorld();
  const node = await world.until("ready node", async () => {
    const found = await world.client.get(nodeKind, { name: "node-1" });
    return found.status.conditions?.some((c) => c.type === "Ready" && c.status === "True") ? found : undefined;
  });
  assert.equal(node.metadata.labels?.["kubernetes.io/hostname"], "node-1");
  assert.deepEqual(node.status.addresses, [
    { type: "InternalIP", address: "192.0.2.7" },
    { type: "Hostname", address: "node-1" },
  ]);
});

test("a pod of two containers becomes ready", async () => {
  await using world = await startKubeletWorld();
  await world.create({
    containers: [
      { name: "writer", image: "tools" },
      { name: "nginx", image: "tools" },
    ],
  });
  const pod = await world.untilPod((p) => condition(p, "Ready") === "True");
  assert.equal(pod.status.phase, "Running");
  assert.match(pod.status.podIP ?? "", /^10\.244\.7\./);
  assert.equal(pod.status.hostIP, "192.0.2.7");
  assert.deepEqual(
    pod.status.containerStatuses?.map((s) => [s.name, s.ready, s.restartCount, s.state?.running !== undefined]),
    [
      ["nginx", true, 0, true],
      ["writer", true, 0, true],
    ],
  );
  await world.until("events", async () => {
    const { items } = await world.client.list(eventKind, { namespace: "default" });
    const reasons = new Set(items.map((e) => e.reason));
    return ["Pulling", "Pulled", "Created", "Started"].every((reason) => reasons.has(reason)) || undefined;
  });
});

test("a pod is ready while somebody else keeps its gate open, and what others say of the rest does not last", async () => {
  await using world = await startKubeletWorld();
  const gate = "example.org/gate";
  await world.create({ readinessGates: [{ conditionType: gate }], containers: [{ name: "app", image: "tools" }] });
  await world.untilPod((p) => condition(p, "ContainersReady") === "True");
  const say = (type: string, status: "True" | "False") => {
    const conditions = [{ type, status }];
    const pod = { namespace: "default", name: "pod" };
    return world.client.patch(podKind, pod, "strategic", { status: { conditions } }, { subresource: "status" });
  };
  for (const status of ["True", "False", "True"] as const) {
    await say(gate, status);
    await world.untilPod((p) => condition(p, "Ready") === status);
  }
  await say("Ready", "False");
  await world.untilPod((p) => condition(p, "Ready") === "True");
});

test("a deleted pod is ended and leaves the API", async () => {
  await using world = await startKubeletWorld();
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  await world.untilPod((p) => condition(p, "Ready") === "True");
  await world.client.delete(podKind, { namespace: "default", name: "pod" });
  await world.until("no pod", async () => {
    const { items } = await world.client.list(podKind, { namespace: "default" });
    return items.length === 0 || undefined;
  });
  await world.until("no container", async () => (await world.runtime.listContainers()).length === 0 || undefined);
});

test("a pod whose containers succeed and are not restarted has succeeded", async () => {
  await using world = await startKubeletWorld({ exits: () => ({ afterMs: 20, exitCode: 0 }) });
  await world.create({ restartPolicy: "Never", containers: [{ name: "job", image: "tools" }] });
  const pod = await world.untilPod((p) => p.status.phase === "Succeeded");
  assert.equal(pod.status.containerStatuses?.[0]?.state?.terminated?.exitCode, 0);
  assert.equal(condition(pod, "Ready"), "False");
});

test("a container that keeps failing is restarted at once, and then waits out its back-off", async () => {
  await using world = await startKubeletWorld({ exits: () => ({ afterMs: 10, exitCode: 3 }) });
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  const pod = await world.untilPod(
    (p) => p.status.containerStatuses?.[0]?.state?.waiting?.reason === "CrashLoopBackOff",
  );
  const status = pod.status.containerStatuses?.[0];
  assert.equal(status?.restartCount, 1);
  assert.equal(status?.lastState?.terminated?.exitCode, 3);
  assert.match(
    status?.state?.waiting?.message ?? "",
    /^back-off 10s restarting failed container=app pod=pod_default\(/,
  );
});

test("a kubelet that starts again waits out the back-offs of before, and lengthens them", async () => {
  const clock = clockToSet();
  await using world = await startKubeletWorld({ clock, exits: () => ({ afterMs: 10, exitCode: 3 }) });
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  const backingOff = (restartCount: number) =>
    world.untilPod(({ status: { containerStatuses: [status] = [] } }) => {
      return status?.restartCount === restartCount && status.state?.waiting?.reason === "CrashLoopBackOff";
    });
  await backingOff(1);
  clock.skip(10_000);
  await world.restartKubelet();
  const { status } = await backingOff(2);
  assert.match(status.containerStatuses?.[0]?.state?.waiting?.message ?? "", /^back-off 20s restarting/);
});

test("init containers run one after the other, before the others", async () => {
  await using world = await startKubeletWorld({
    exits: (_, name) => (name.startsWith("init") ? { afterMs: 20, exitCode: 0 } : undefined),
  });
  await world.create({
    initContainers: [
      { name: "init-1", image: "tools" },
      { name: "init-2", image: "tools" },
    ],
    containers: [{ name: "app", image: "tools" }],
  });
  const pod = await world.untilPod((p) => condition(p, "Ready") === "True");
  const [first, second] = pod.status.initContainerStatuses ?? [];
  assert.equal(first?.state?.terminated?.reason, "Completed");
  assert.ok((first?.state?.terminated?.finishedAt ?? "") <= (second?.state?.terminated?.startedAt ?? ""));
});

for (const { spec, reason, message } of [
  {
    spec: { runtimeClassName: "gvisor" },
    reason: "Unsupported",
    message: "spec.runtimeClassName is not supported by this kubelet",
  },
  {
    spec: { securityContext: { sysctls: [{ name: "kernel.panic", value: "1" }] } },
    reason: "SysctlForbidden",
    message: 'forbidden sysctl: "kernel.panic" not allowlisted',
  },
]) {
  test(`a refused pod says so in its status and in an event: ${reason}`, async () => {
    await using world = await startKubeletWorld();
    await world.create({ ...spec, containers: [{ name: "app", image: "tools" }] });
    const { status } = await world.untilPod((p) => p.status.phase === "Failed");
    assert.deepEqual([status.reason, status.message], [reason, `Pod was rejected: ${message}`]);
    assert.equal(status.containerStatuses, undefined);
    const event = await world.until("event", async () => {
      const { items } = await world.client.list(eventKind, { namespace: "default" });
      return items.find((e) => e.reason === reason);
    });
    assert.deepEqual([event.type, event.message, event.involvedObject.name], ["Warning", message, "pod"]);
  });
}

for (const restarts of [false, true]) {
  test(`a label of another system ends no running pod${restarts ? ", nor when the kubelet starts again" : ""}`, async () => {
    await using world = await startKubeletWorld();
    await world.create({ containers: [{ name: "app", image: "tools" }] });
    await world.untilPod((p) => p.status.phase === "Running");
    const change = (patch: object) =>
      world.client.patch(podKind, { namespace: "default", name: "pod" }, "merge", patch);
    await change({ metadata: { labels: { "kubernetes.io/os": "windows" } } });
    if (restarts) await world.restartKubelet();
    // What ends the pod comes after the label, and is not the label.
    await change({ spec: { activeDeadlineSeconds: 1 } });
    const { status } = await world.untilPod((p) => p.status.phase === "Failed");
    assert.equal(status.reason, "DeadlineExceeded");
  });
}

test("a pod past its deadline says so in its status and in an event", async () => {
  await using world = await startKubeletWorld();
  await world.create({ activeDeadlineSeconds: 1, containers: [{ name: "app", image: "tools" }] });
  const { status } = await world.untilPod((p) => p.status.phase === "Failed");
  const message = "Pod was active on the node longer than the specified deadline";
  assert.deepEqual([status.reason, status.message], ["DeadlineExceeded", message]);
  const event = await world.until("event", async () => {
    const { items } = await world.client.list(eventKind, { namespace: "default" });
    return items.find((e) => e.reason === "DeadlineExceeded");
  });
  assert.deepEqual([event.type, event.message], ["Normal", message]);
});

test("a kubelet that starts again adopts what runs and restarts nothing", async () => {
  await using world = await startKubeletWorld();
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  const before = await world.untilPod((p) => condition(p, "Ready") === "True");
  await world.restartKubelet();
  await sleep(200);
  const after = await world.client.get(podKind, { namespace: "default", name: "pod" });
  assert.equal(condition(after, "Ready"), "True");
  assert.deepEqual(after.status.containerStatuses, before.status.containerStatuses);
});

test("a kubelet that starts again gives a deleted pod the rest of its grace period, and does not run it again", async (t) => {
  const folder = await temporaryFolder(t);
  const clock = clockToSet();
  const graces: number[] = [];
  await using world = await startKubeletWorld({
    files: folder,
    clock,
    runtimeThrough: (runtime) => ({
      ...runtime,
      async stopContainer(id, graceSeconds) {
        graces.push(graceSeconds);
        // The first stop lasts until the kubelet stops.
        if (graces.length === 1) await new Promise(() => {});
        return runtime.stopContainer(id, graceSeconds);
      },
    }),
  });
  await world.create({ automountServiceAccountToken: false, containers: [{ name: "app", image: "tools" }] });
  const { metadata } = await world.untilPod((p) => condition(p, "Ready") === "True");
  await world.client.delete(podKind, { namespace: "default", name: "pod" });
  const record = path.join(folder, "kubelet/pods", metadata.uid, "record.json");
  await world.until("the record", async () => (await readFile(record, "utf8")) !== "" || undefined);
  clock.skip(20_000);
  await world.restartKubelet();
  await world.until("no pod", async () => {
    const { items } = await world.client.list(podKind, { namespace: "default" });
    return items.length === 0 || undefined;
  });
  assert.equal(graces[0], 30);
  assert.ok((graces[1] ?? 0) <= 10, `the second stop had ${graces[1]} seconds`);
  assert.deepEqual(await readdir(path.join(folder, "kubelet/pods")), []);
});

test("a kubelet that starts again refuses no pod that it took before", async () => {
  const pulling = Promise.withResolvers<void>();
  await using world = await startKubeletWorld({
    runtimeThrough: (runtime) => ({
      ...runtime,
      async pullImage(...wanted) {
        await pulling.promise;
        return runtime.pullImage(...wanted);
      },
    }),
  });
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  await world.untilPod(({ status }) => status.startTime !== undefined);
  const patch = { metadata: { labels: { "kubernetes.io/os": "windows" } } };
  await world.client.patch(podKind, { namespace: "default", name: "pod" }, "merge", patch);
  await world.restartKubelet();
  pulling.resolve();
  const { status } = await world.untilPod((p) => p.status.phase === "Failed" || condition(p, "Ready") === "True");
  assert.equal(status.phase, "Running");
});

test("a kubelet that starts again goes on with restart counts whose instances the runtime has lost", async () => {
  const exits = (_: Pod, __: string, attempt: number) => (attempt === 0 ? { afterMs: 0, exitCode: 1 } : undefined);
  await using world = await startKubeletWorld({ exits });
  await world.create({ containers: [{ name: "app", image: "tools" }] });
  const runningAgain = (restartCount: number) =>
    world.untilPod(({ status: { containerStatuses: [app] = [] } }) => {
      return app?.state?.running !== undefined && app.restartCount >= restartCount;
    });
  await runningAgain(1);
  const [sandbox] = await world.runtime.listSandboxes();
  await world.runtime.removeSandbox(sandbox?.id ?? "");
  await world.restartKubelet();
  const { status } = await runningAgain(2);
  assert.equal(status.containerStatuses?.[0]?.restartCount, 2);
});

function condition(pod: Pod, type: string): string | undefined {
  return pod.status.conditions?.find((c) => c.type === type)?.status;
}
