import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { testPod } from "../testing/pods.testing.ts";
import type { ContainerConfig, PodRuntime, SandboxConfig } from "./pod-runtime.ts";
import { isRuntimeNotFound } from "./runtime-error.ts";

/** What the suite needs of one implementation. */
export interface RuntimeUnderTest {
  readonly runtime: PodRuntime;
  /** An image that can be had, by its full name. */
  readonly image: string;
  /** A command that runs until it gets SIGTERM. */
  readonly command: readonly string[];
  readonly logDirectory: string;
  readonly cgroupParent: string;
  dispose(): Promise<void>;
}

/** The promises of {@link PodRuntime}, as tests: one suite for every implementation. */
export function runPodRuntimeTests(name: string, start: () => Promise<RuntimeUnderTest>): void {
  let given: RuntimeUnderTest;
  before(async () => {
    given = await start();
  });
  after(() => given.dispose());
  const check = (sentence: string, body: (world: World) => Promise<void>) =>
    test(`${name}: ${sentence}`, async () => {
      const world = worldOf(given);
      try {
        await body(world);
      } finally {
        await world.clear();
      }
    });

  check("says what it is and that it is ready", async ({ runtime }) => {
    assert.notEqual((await runtime.version()).runtimeName, "");
    assert.deepEqual(await runtime.status(), { ready: true, networkReady: true, reason: "", message: "" });
  });

  check("a sandbox is ready, has an address and knows its pod", async ({ runtime, pod, makeSandbox }) => {
    const id = await makeSandbox();
    const status = await runtime.sandboxStatus(id);
    assert.deepEqual(
      [status.id, status.podUid, status.podName, status.podNamespace],
      [id, pod.metadata.uid, "web", "shop"],
    );
    assert.deepEqual([status.ready, status.attempt, status.ips.length], [true, 0, 1]);
    assert.ok((await runtime.listSandboxes()).some((s) => s.id === id && s.podUid === pod.metadata.uid));
  });

  check("a container is made, started, stopped and removed", async ({ runtime, pod, makeSandbox, makeContainer }) => {
    const sandboxId = await makeSandbox();
    const id = await makeContainer(sandboxId);
    assert.equal((await runtime.containerStatus(id)).state, "created");

    await runtime.startContainer(id);
    const running = await runtime.containerStatus(id);
    assert.deepEqual(
      [running.state, running.name, running.attempt, running.podUid],
      ["running", "app", 0, pod.metadata.uid],
    );
    assert.equal(running.sandboxId, sandboxId);
    assert.equal(running.annotations["example.org/kept"], "yes");
    assert.ok(running.startedAt >= running.createdAt - 1_000 && running.finishedAt === 0);

    await runtime.stopContainer(id, 1);
    const ended = await runtime.containerStatus(id);
    assert.equal(ended.state, "exited");
    assert.ok(ended.finishedAt >= ended.startedAt);
    await runtime.removeContainer(id);
    assert.ok(!(await runtime.listContainers()).some((c) => c.id === id));
  });

  check("a running container gets other resources", async ({ runtime, makeSandbox, makeContainer }) => {
    const id = await makeContainer(await makeSandbox());
    await runtime.startContainer(id);
    const limits = { cpu: "500m", memory: "256Mi" };
    await runtime.updateContainer(id, { requests: limits, limits });
    await runtime.updateContainer(id, { requests: { cpu: "100m" }, limits: { memory: "128Mi" } });
    const used = await runtime.memoryUsage(id);
    assert.ok(used !== undefined && used < 128 * 1024 ** 2);
    const missing = "0".repeat(64);
    await assert.rejects(runtime.updateContainer(missing, { limits }), isRuntimeNotFound);
    await assert.rejects(runtime.memoryUsage(missing), isRuntimeNotFound);
  });

  check("stopping a sandbox ends what runs in it", async ({ runtime, makeSandbox, makeContainer }) => {
    const sandboxId = await makeSandbox();
    const id = await makeContainer(sandboxId);
    await runtime.startContainer(id);
    await runtime.stopSandbox(sandboxId);
    assert.equal((await runtime.containerStatus(id)).state, "exited");
    assert.equal((await runtime.sandboxStatus(sandboxId)).ready, false);
  });

  check("ending what has ended, or never was, is no failure", async ({ runtime, makeSandbox }) => {
    const id = await makeSandbox();
    for (let round = 0; round < 2; round += 1) {
      await runtime.stopSandbox(id);
      await runtime.removeSandbox(id);
    }
    await runtime.stopContainer("0".repeat(64), 0);
    await runtime.removeContainer("0".repeat(64));
  });

  check("asking for what is not there is NotFound", async ({ runtime }) => {
    await assert.rejects(runtime.containerStatus("0".repeat(64)), isRuntimeNotFound);
    await assert.rejects(runtime.sandboxStatus("0".repeat(64)), isRuntimeNotFound);
  });

  check("reports changes", async ({ runtime, pod, makeSandbox, makeContainer }) => {
    const told = new Set<string>();
    const unsubscribe = runtime.onChange((uid) => told.add(uid));
    const id = await makeContainer(await makeSandbox());
    await runtime.startContainer(id);
    await runtime.stopContainer(id, 0);
    for (let tries = 0; tries < 200 && !told.has(pod.metadata.uid); tries += 1) await sleep(20);
    unsubscribe();
    assert.ok(told.has(pod.metadata.uid));
  });

  check("runs commands", async ({ runtime, makeSandbox, makeContainer }) => {
    const id = await makeContainer(await makeSandbox());
    await runtime.startContainer(id);
    assert.equal((await runtime.execSync(id, ["true"], 10)).exitCode, 0);
  });

  check("knows its images", async ({ runtime }) => {
    assert.notEqual(await runtime.imageStatus(given.image), undefined);
    assert.equal(await runtime.imageStatus("registry.example/none:1"), undefined);
    assert.ok((await runtime.listImages()).some((image) => image.tags.includes(given.image)));
  });
}

interface World {
  readonly runtime: PodRuntime;
  readonly pod: Pod;
  makeSandbox(): Promise<string>;
  makeContainer(sandboxId: string): Promise<string>;
  clear(): Promise<void>;
}

/** One pod's worth of everything, removed after the test. */
function worldOf({ runtime, image, command, logDirectory, cgroupParent }: RuntimeUnderTest): World {
  const pod = testPod({}, { uid: randomUUID() });
  const sandbox: SandboxConfig = { pod, attempt: 0, hostname: "web", logDirectory, cgroupParent };
  const made: string[] = [];
  const config = (imageRef: string): ContainerConfig => ({
    name: "app",
    attempt: 0,
    image,
    imageRef,
    imageUser: { uid: 0, username: "" },
    command,
    args: [],
    workingDir: "",
    env: [],
    mounts: [],
    logPath: "app.log",
    stdin: false,
    stdinOnce: false,
    tty: false,
    annotations: { "example.org/kept": "yes" },
  });
  return {
    runtime,
    pod,
    async makeSandbox() {
      const id = await runtime.runSandbox(sandbox);
      made.push(id);
      return id;
    },
    async makeContainer(sandboxId) {
      const here = await runtime.imageStatus(image);
      return runtime.createContainer(sandboxId, config(here?.id ?? image), sandbox);
    },
    async clear() {
      for (const id of made) {
        await runtime.stopSandbox(id);
        await runtime.removeSandbox(id);
      }
    },
  };
}
