/** The kubelet on a real containerd, in namespaces of its own; the API server is in this process. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { configMapKind } from "../../src/api/core/v1/configmap/configmap.ts";
import { eventKind } from "../../src/api/core/v1/event/event.ts";
import type { Pod } from "../../src/api/core/v1/pod/pod.ts";
import { podKind } from "../../src/api/core/v1/pod/pod.ts";
import { secretKind } from "../../src/api/core/v1/secret/secret.ts";
import { serviceAccountKind } from "../../src/api/core/v1/serviceaccount/serviceaccount.ts";
import type { Draft } from "../../src/api/schema.ts";
import { userNamed } from "../../src/apiserver/authz/attributes.testing.ts";
import type { PolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { startPolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { removeCgroup } from "../../src/kubelet/pods/pod-cgroup.ts";
import { createCriRuntime } from "../../src/kubelet/runtime/cri/cri-runtime.ts";
import { readCriMachine } from "../../src/kubelet/runtime/cri/read-machine.ts";
import type { PodRuntime } from "../../src/kubelet/runtime/pod-runtime.ts";
import type { Kubelet } from "../../src/kubelet/start-kubelet.ts";
import { startKubelet } from "../../src/kubelet/start-kubelet.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger, silentLogger } from "../../src/lib/log.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";
import type { PrivateContainerd } from "./private-containerd.testing.ts";
import { startPrivateContainerd } from "./private-containerd.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  let folder: string;
  let containerd: PrivateContainerd;
  let api: PolicyServer;
  let runtime: PodRuntime;
  let kubelet: Kubelet;

  const start = () =>
    startKubelet({
      client: api.client(userNamed("system:node:node-1", "system:nodes")),
      runtime,
      nodeName: "node-1",
      nodeIPs: ["192.0.2.7"],
      rootDir: path.join(folder, "kubelet"),
      podLogsDir: path.join(folder, "logs"),
      clusterDNS: ["10.96.0.10"],
      cgroupParent: `/${path.basename(folder)}`,
      kubeletVersion: "v1.35.0",
      log:
        process.env.FAIRLEAD_LAB_LOG === undefined
          ? silentLogger
          : createLogger((line) => process.stderr.write(line), { level: "debug" }),
      clock: systemClock,
    });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fairlead-lab-"));
    containerd = await startPrivateContainerd(folder, "10.244.7.0/24");
    api = await startPolicyServer();
    const namespace = "default";
    await api.client().create(serviceAccountKind, { metadata: { name: "default", namespace } });
    await api
      .client()
      .create(configMapKind, { metadata: { name: "kube-root-ca.crt", namespace }, data: { "ca.crt": "authority" } });
    runtime = await createRuntime();
    kubelet = await start();
  });

  after(async () => {
    const { items } = await api.client().list(podKind, { namespace: "default" });
    for (const { metadata } of items) await remove(metadata.name);
    await kubelet.stop();
    await runtime[Symbol.asyncDispose]();
    await api.stop();
    await containerd[Symbol.asyncDispose]();
    await removeCgroup(`/${path.basename(folder)}`);
    await rm(folder, { recursive: true, force: true });
  });

  const createRuntime = async () =>
    createCriRuntime({
      socketPath: containerd.socketPath,
      machine: await readCriMachine(folder),
      clock: systemClock,
      log: silentLogger,
    });

  test("two containers share an emptyDir", async () => {
    const volumeMounts = [{ name: "shared", mountPath: "/data" }];
    const started = Date.now();
    await create("two", {
      volumes: [{ name: "shared", emptyDir: {} }],
      containers: [
        container("writer", "echo written > /data/file; sleep 1000", { volumeMounts }),
        container("reader", "until cat /data/file; do sleep 0.1; done; sleep 1000", { volumeMounts }),
      ],
    });
    const pod = await untilPod("two", (p) => condition(p, "Ready") === "True");
    process.stderr.write(`ready after ${Date.now() - started} ms\n`);
    assert.equal(pod.status.phase, "Running");
    assert.match(pod.status.podIP ?? "", /^10\.244\.7\.\d+$/);
    assert.match(pod.status.containerStatuses?.[0]?.containerID ?? "", /^containerd:\/\/[0-9a-f]{64}$/);
    assert.equal(await untilLog(pod, "reader", /written/), "written");
  });

  test("environment and files come from the pod, ConfigMaps and Secrets, and follow them", async () => {
    const client = api.client();
    await client.create(configMapKind, {
      metadata: { name: "settings", namespace: "default" },
      data: { colour: "blue" },
    });
    await client.create(secretKind, {
      metadata: { name: "keys", namespace: "default" },
      data: { key: btoa("s3cret") },
    });
    await create("configured", {
      volumes: [
        { name: "settings", configMap: { name: "settings" } },
        { name: "keys", secret: { secretName: "keys", defaultMode: 0o400 } },
      ],
      containers: [
        container(
          "app",
          `echo "$NODE $COLOUR $GREETING $(cat /keys/key) $(hostname)"; until grep green /settings/colour; do sleep 0.1; done; sleep 1000`,
          {
            env: [
              { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
              { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } },
              { name: "GREETING", value: "hello-$(COLOUR)" },
            ],
            volumeMounts: [
              { name: "settings", mountPath: "/settings" },
              { name: "keys", mountPath: "/keys" },
            ],
          },
        ),
      ],
    });
    const pod = await untilPod("configured", (p) => condition(p, "Ready") === "True");
    assert.match(await untilLog(pod, "app", /s3cret/), /node-1 blue hello-blue s3cret configured/);
    await client.patch(configMapKind, { namespace: "default", name: "settings" }, "merge", {
      data: { colour: "green" },
    });
    assert.match(await untilLog(pod, "app", /green/), /green/);
  });

  test("init containers, exit codes and last messages", async () => {
    await create("job", {
      restartPolicy: "Never",
      initContainers: [container("init", "echo first")],
      containers: [container("job", "echo goodbye > /dev/termination-log; exit 3")],
    });
    const pod = await untilPod("job", (p) => p.status.phase === "Failed");
    const terminated = pod.status.containerStatuses?.[0]?.state?.terminated;
    assert.deepEqual([terminated?.exitCode, terminated?.reason, terminated?.message?.trim()], [3, "Error", "goodbye"]);
    assert.equal(pod.status.initContainerStatuses?.[0]?.state?.terminated?.reason, "Completed");
  });

  test("a readiness probe decides when the pod is ready, a liveness probe restarts a container", async () => {
    await create("probed", {
      containers: [
        container("app", "sleep 1; touch /tmp/ready; sleep 1000", {
          readinessProbe: { exec: { command: ["test", "-e", "/tmp/ready"] }, periodSeconds: 1 },
        }),
        container("sick", "sleep 1000", {
          livenessProbe: {
            exec: { command: ["false"] },
            periodSeconds: 1,
            failureThreshold: 1,
            terminationGracePeriodSeconds: 1,
          },
        }),
      ],
    });
    const pod = await untilPod(
      "probed",
      (p) => (p.status.containerStatuses?.find((s) => s.name === "sick")?.restartCount ?? 0) > 0,
    );
    assert.equal(pod.status.phase, "Running");
    await untilPod("probed", (p) => p.status.containerStatuses?.find((s) => s.name === "app")?.ready === true);
    const { items } = await api.client().list(eventKind, { namespace: "default" });
    assert.ok(
      items.some(
        (e) => e.reason === "Killing" && e.message === "Container sick failed liveness probe, will be restarted",
      ),
    );
  });

  test("a pod finds the API server's authority, its namespace and a token that is its own", async () => {
    const at = "/var/run/secrets/kubernetes.io/serviceaccount";
    await create("account", {
      containers: [
        container("app", `cat ${at}/ca.crt; echo; cat ${at}/namespace; echo; cat ${at}/token; echo; sleep 1000`),
      ],
    });
    const pod = await untilPod("account", (p) => condition(p, "Ready") === "True");
    assert.equal(await untilLog(pod, "app", /authority/), "authority");
    assert.equal(await untilLog(pod, "app", /^default$/), "default");
    const token = await untilLog(pod, "app", /^ey/);
    const { sub, "kubernetes.io": about } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    assert.deepEqual([sub, about.pod.uid], ["system:serviceaccount:default:default", pod.metadata.uid]);
  });

  test("volumes of memory, of the machine and parts of volumes", async () => {
    await mkdir(path.join(folder, "machine"), { recursive: true });
    await create("volumes", {
      volumes: [
        { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        { name: "limited", emptyDir: { medium: "Memory" } },
        { name: "machine", hostPath: { path: path.join(folder, "machine"), type: "Directory" } },
        { name: "about", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      ],
      containers: [
        container(
          "app",
          "chmod 700 /memory; df /memory /limited | tail -2; echo here > /machine/file; ls /part; sleep 1000",
          {
            resources: { limits: { memory: "32Mi" } },
            volumeMounts: [
              { name: "memory", mountPath: "/memory" },
              { name: "limited", mountPath: "/limited" },
              { name: "machine", mountPath: "/machine" },
              { name: "memory", mountPath: "/part", subPath: "inner" },
              { name: "about", mountPath: "/about" },
            ],
          },
        ),
      ],
    });
    const pod = await untilPod("volumes", (p) => condition(p, "Ready") === "True");
    assert.match(await untilLog(pod, "app", /memory/), /tmpfs +1024 /);
    assert.match(await untilLog(pod, "app", /limited/), /tmpfs +32768 /, "no more than the pod may use");
    await until(
      "file",
      async () => (await readFile(path.join(folder, "machine/file"), "utf8")) === "here\n" || undefined,
    );
    const volumes = path.join(folder, "kubelet/pods", pod.metadata.uid, "volumes");
    const labels = path.join(volumes, "kubernetes.io~downward-api/about/labels");
    await api.client().patch(podKind, pod.metadata, "merge", { metadata: { labels: { colour: "blue" } } });
    await until("new label", async () => (await readFile(labels, "utf8")).includes("colour") || undefined);
    const { mode } = await stat(path.join(volumes, "kubernetes.io~empty-dir/memory"));
    assert.equal(mode & 0o777, 0o700, "a container's volume stays as the container has made it");
    await remove("volumes");
    assert.equal(await readFile(path.join(folder, "machine/file"), "utf8"), "here\n");
  });

  test("a container runs as whom, and with what, its spec says", async () => {
    await create("limited", {
      securityContext: { runAsUser: 1234, runAsGroup: 2345, fsGroup: 3456 },
      volumes: [{ name: "shared", emptyDir: {} }],
      containers: [
        container(
          "app",
          "id; touch /denied; stat -c '%g %a' /data; grep -E 'Cap(Eff|Bnd)|NoNewPrivs' /proc/self/status; sleep 1000",
          {
            resources: { requests: { cpu: "100m", memory: "16Mi" }, limits: { cpu: "200m", memory: "32Mi" } },
            volumeMounts: [{ name: "shared", mountPath: "/data" }],
            securityContext: {
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
            },
          },
        ),
      ],
    });
    const pod = await untilPod("limited", (p) => condition(p, "Ready") === "True");
    assert.equal(pod.status.qosClass, "Burstable");
    assert.match(await untilLog(pod, "app", /uid/), /uid=1234 gid=2345 groups=.*3456/);
    assert.match(await untilLog(pod, "app", /denied/), /Read-only file system/);
    assert.equal(await untilLog(pod, "app", /^3456/), "3456 2777");
    assert.match(await untilLog(pod, "app", /CapBnd/), /CapBnd:\s+0{16}/);
    assert.match(await untilLog(pod, "app", /NoNewPrivs/), /NoNewPrivs:\s+1/);
  });

  test("hooks: postStart before ready, preStop before the signal", async () => {
    await mkdir(path.join(folder, "hooks"), { recursive: true });
    const hook = (word: string) => ({ exec: { command: ["sh", "-c", `echo ${word} >> /hooks/file`] } });
    await create("hooked", {
      volumes: [{ name: "hooks", hostPath: { path: path.join(folder, "hooks") } }],
      containers: [
        container("app", "trap 'echo signal >> /hooks/file; exit' TERM; while true; do sleep 0.05; done", {
          lifecycle: { postStart: hook("postStart"), preStop: hook("preStop") },
          volumeMounts: [{ name: "hooks", mountPath: "/hooks" }],
        }),
      ],
    });
    await untilPod("hooked", (p) => condition(p, "Ready") === "True");
    assert.equal(await readFile(path.join(folder, "hooks/file"), "utf8"), "postStart\n");
    await remove("hooked");
    assert.equal(await readFile(path.join(folder, "hooks/file"), "utf8"), "postStart\npreStop\nsignal\n");
  });

  test("a second delete with less grace ends a pod that does not listen", async () => {
    await create("deaf", {
      terminationGracePeriodSeconds: 600,
      containers: [container("app", "trap '' TERM; while true; do sleep 0.05; done")],
    });
    await untilPod("deaf", (p) => condition(p, "Ready") === "True");
    const client = api.client();
    await client.delete(podKind, { namespace: "default", name: "deaf" });
    await until("its signal", async () => {
      const { items } = await client.list(eventKind, { namespace: "default" });
      return items.some((e) => e.message === "Stopping container app" && e.involvedObject.name === "deaf") || undefined;
    });
    await client.delete(podKind, { namespace: "default", name: "deaf" }, { gracePeriodSeconds: 1 });
    await remove("deaf");
  });

  test("an HTTP probe asks the pod at its address", async () => {
    await create("served", {
      containers: [
        container("app", "mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www", {
          ports: [{ name: "web", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/index.html", port: "web" }, periodSeconds: 1 },
          startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
        }),
      ],
    });
    await untilPod("served", (p) => condition(p, "Ready") === "True");
  });

  test("an image that is nowhere is asked for again and again", async () => {
    await create("missing", { containers: [{ name: "app", image: "127.0.0.1:1/nothing:1" }] });
    const pod = await untilPod(
      "missing",
      (p) => p.status.containerStatuses?.[0]?.state?.waiting?.reason === "ErrImagePull",
    );
    assert.match(pod.status.containerStatuses?.[0]?.state?.waiting?.message ?? "", /127\.0\.0\.1:1\/nothing:1/);
    await untilPod("missing", (p) => p.status.containerStatuses?.[0]?.state?.waiting?.reason === "ImagePullBackOff");
  });

  test("a kubelet and a runtime connection that start again restart no container", async () => {
    const before = await untilPod("two", (p) => condition(p, "Ready") === "True");
    await kubelet.stop();
    await runtime[Symbol.asyncDispose]();
    runtime = await createRuntime();
    kubelet = await start();
    await sleep(1_000);
    const again = await untilPod("two", (p) => condition(p, "Ready") === "True");
    assert.deepEqual(again.status.containerStatuses, before.status.containerStatuses);
  });

  test("a pod whose sandbox dies gets a new one, and its containers with it", async () => {
    await create("fragile", { containers: [container("app", "sleep 1000")] });
    const first = await untilPod("fragile", (p) => condition(p, "Ready") === "True");
    const sandboxId = kubelet.pods.sandboxId(first);
    assert.ok(sandboxId !== undefined);
    await runtime.stopSandbox(sandboxId);
    // The runtime ends the container before the sandbox: a kubelet that looks in between tries once in the dying one.
    const again = await untilPod(
      "fragile",
      (p) => condition(p, "Ready") === "True" && (p.status.containerStatuses?.[0]?.restartCount ?? 0) >= 1,
    );
    assert.match(again.status.podIP ?? "", /^10\.244\.7\.\d+$/);
    assert.notEqual(kubelet.pods.sandboxId(again), sandboxId);
    await until("event", async () => {
      const { items } = await api.client().list(eventKind, { namespace: "default" });
      return items.some((e) => e.reason === "SandboxChanged") || undefined;
    });
  });

  test("containerd may be killed and started again under running pods", async () => {
    const before = await untilPod("fragile", (p) => condition(p, "Ready") === "True");
    await containerd.killAndRestart();
    await mkdir(path.join(folder, "kept"));
    await writeFile(path.join(folder, "kept/file"), "kept");
    await create("later", {
      volumes: [{ name: "v", hostPath: { path: folder } }],
      containers: [
        container("app", "sleep 1000", { volumeMounts: [{ name: "v", mountPath: "/part", subPath: "kept" }] }),
      ],
    });
    await untilPod("later", (p) => condition(p, "Ready") === "True");
    const after = await untilPod("fragile", (p) => condition(p, "Ready") === "True");
    assert.deepEqual(after.status.containerStatuses, before.status.containerStatuses);
  });

  test("what is left of a pod that was deleted behind the kubelet's back is removed", async () => {
    const { metadata } = await untilPod("later", () => true);
    await kubelet.stop();
    await api.client().delete(podKind, { namespace: "default", name: "later" }, { gracePeriodSeconds: 0 });
    kubelet = await start();
    await until("nothing of it", async () => {
      const [containers, sandboxes] = await Promise.all([runtime.listContainers(), runtime.listSandboxes()]);
      return ![...containers, ...sandboxes].some((c) => c.podUid === metadata.uid) || undefined;
    });
    await until(
      "no folder",
      async () => !(await readdir(path.join(folder, "kubelet/pods"))).includes(metadata.uid) || undefined,
    );
    assert.doesNotMatch(await readFile("/proc/self/mountinfo", "utf8"), new RegExp(metadata.uid));
    assert.equal(await readFile(path.join(folder, "kept/file"), "utf8"), "kept");
  });

  test("a deleted pod is gone from the API, the runtime and the disk", async () => {
    const { metadata } = await untilPod("two", () => true);
    const started = Date.now();
    await remove("two");
    process.stderr.write(`gone after ${Date.now() - started} ms\n`);
    await until(
      "no containers",
      async () => !(await runtime.listContainers()).some((c) => c.podUid === metadata.uid) || undefined,
    );
    await until("no folder", () =>
      readFile(path.join(folder, "kubelet/pods", metadata.uid, "etc-hosts")).then(
        () => undefined,
        () => true,
      ),
    );
  });

  const container = (name: string, script: string, more: Draft<Pod["spec"]["containers"][number]> = {}) => ({
    name,
    image: containerd.toolsImage,
    args: ["sh", "-c", script],
    ...more,
  });

  const create = (name: string, spec: Draft<Pod["spec"]>) =>
    api.client().create(podKind, {
      metadata: { name, namespace: "default" },
      spec: { nodeName: "node-1", terminationGracePeriodSeconds: 1, ...spec },
    });

  async function remove(name: string): Promise<void> {
    await api
      .client()
      .delete(podKind, { namespace: "default", name })
      .catch(() => {});
    await until(`no ${name}`, async () => {
      const { items } = await api.client().list(podKind, { namespace: "default" });
      return !items.some((p) => p.metadata.name === name) || undefined;
    });
  }

  const untilPod = (name: string, accept: (pod: Pod) => boolean) =>
    until(name, async () => {
      const pod = await api.client().get(podKind, { namespace: "default", name });
      return accept(pod) ? pod : undefined;
    });

  /** The texts of a container's log once one of them matches. */
  const untilLog = (pod: Pod, name: string, pattern: RegExp) =>
    until(`log of ${name}`, async () => {
      const text = await readFile(kubelet.pods.logPath(pod, name, false) ?? "", "utf8");
      const lines = text.split("\n").map((line) => line.split(" ").slice(3).join(" "));
      return lines.find((line) => pattern.test(line));
    });

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        const { items } = await api.client().list(podKind, { namespace: "default" });
        throw new Error(
          `timed out waiting for ${what}: ${JSON.stringify(items.map((p) => [p.metadata.name, p.status]))}`,
        );
      }
      await sleep(20);
    }
  }
}

function condition(pod: Pod, type: string): string | undefined {
  return pod.status.conditions?.find((c) => c.type === type)?.status;
}
