/** Parts of volumes in containers: what `subPath` names, whatever other containers make of it meanwhile. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "../../src/api/core/v1/pod/pod.ts";
import { podKind } from "../../src/api/core/v1/pod/pod.ts";
import { bindSubPath } from "../../src/kubelet/volumes/bind-sub-path.ts";
import { openInPlace } from "../../src/kubelet/volumes/open-beneath.ts";
import { removePodFolder } from "../../src/kubelet/volumes/remove-pod-folder.ts";
import type { KubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { startKubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

/** Starts to race against: each of them succeeds against a kubelet that hands on a path once in a few times. */
const RACERS = Array.from({ length: 16 }, (_, i) => `racer-${i}`);

if (insideOwnNamespaces(import.meta.filename)) {
  let node: KubeletOnContainerd;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fairlead-sub-path-"));
    node = await startKubeletOnContainerd();
  });

  after(async () => {
    await node[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** The mounts of this machine whose mount point has the text in it. */
  const mountsWith = async (text: string) =>
    (await readFile("/proc/self/mountinfo", "utf8")).split("\n").filter((line) => line.split(" ")[4]?.includes(text));

  /** Deletes the pod, and waits until the kubelet has removed its files. */
  async function remove(pod: Pod): Promise<void> {
    await node.client.delete(podKind, { namespace: "default", name: pod.metadata.name });
    while (await stat(node.podFolder(pod)).catch(() => undefined)) await sleep(20);
  }

  test("a folder that a container keeps swapping for a link to / never shows another container the machine", async () => {
    const whole = { name: "v", mountPath: "/v" };
    // Each for as long as a start takes: the one is looked up, and the other is mounted.
    const swap = "mv d d2; ln -s / d; usleep 40000; rm d; mv -T d2 d; usleep 80000";
    const pod = await node.create("race", {
      volumes: [{ name: "v", emptyDir: {} }],
      initContainers: [
        node.shell("make", "mkdir /v/d", { volumeMounts: [whole] }),
        node.shell("swap", `cd /v; while :; do ${swap}; done 2>/dev/null`, {
          volumeMounts: [whole],
          restartPolicy: "Always",
        }),
      ],
      containers: RACERS.map((name) =>
        node.shell(name, "ls -a /part; test ! -e /part/proc", {
          volumeMounts: [{ name: "v", mountPath: "/part", subPath: "d" }],
        }),
      ),
    });
    const { status } = await node.untilPod("race", ({ status: { containerStatuses = [] } }) => {
      const tried = containerStatuses.filter(({ state }) => state?.terminated ?? state?.waiting?.message);
      return tried.length === RACERS.length && tried.some(({ state }) => state?.terminated !== undefined);
    });
    const ended = (status.containerStatuses ?? []).flatMap(({ name, state }) =>
      state?.terminated === undefined ? [] : [{ name, exitCode: state.terminated.exitCode }],
    );
    assert.deepEqual(
      ended.filter(({ exitCode }) => exitCode !== 0),
      [],
      "these containers saw the machine's root",
    );
    for (const { state } of status.containerStatuses ?? []) {
      assert.match(
        state?.waiting?.message ?? "failed to prepare subPath",
        /^failed to (prepare subPath|create subPath dir)/,
      );
    }
    await remove(pod);
    assert.deepEqual(await mountsWith(pod.metadata.uid), []);
  });

  test("folders, files and missing folders are mounted, and no mount outlives the pod", async () => {
    const precious = path.join(folder, "precious");
    await mkdir(path.join(precious, "part"), { recursive: true });
    await writeFile(path.join(precious, "part/file"), "kept");
    const mount = (name: string, subPath: string, mountPath: string, more = {}) => ({
      name,
      subPath,
      mountPath,
      ...more,
    });
    const script = [
      "cat /folder/f /file /precious/file",
      'stat -c "%a %u:%g %n" /new /memory /precious',
      "touch /new/x /folder/x",
      "touch /read-only/y 2>/dev/null || echo refused",
      "ls /read-only",
    ].join("; ");
    const pod = await node.create("parts", {
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "m", emptyDir: { medium: "Memory" } },
        { name: "host", hostPath: { path: precious } },
      ],
      initContainers: [
        node.shell("fill", "mkdir /v/folder; echo f > /v/folder/f; echo file > /v/file", {
          volumeMounts: [{ name: "v", mountPath: "/v" }],
        }),
      ],
      containers: [
        node.shell("app", script, {
          volumeMounts: [
            mount("v", "folder", "/folder"),
            mount("v", "file", "/file"),
            mount("v", "new/deep", "/new"),
            mount("v", "folder", "/read-only", { readOnly: true }),
            mount("m", "part", "/memory"),
            mount("host", "part", "/precious"),
          ],
        }),
      ],
    });
    assert.deepEqual((await node.outputOf("parts", "app")).split("\n"), [
      ...["f", "file", "kept777 0:0 /new", "1777 0:0 /memory", "755 0:0 /precious"],
      ...["refused", "f", "x", ""],
    ]);
    const targets = (await mountsWith(`${pod.metadata.uid}/volume-subpaths/`)).map((line) =>
      line.split(" ")[4]?.replace(/^.*volume-subpaths\//, ""),
    );
    assert.deepEqual(targets.toSorted(), ["host/app/5", "m/app/4", "v/app/0", "v/app/1", "v/app/2", "v/app/3"]);
    await remove(pod);
    assert.deepEqual(await mountsWith(pod.metadata.uid), []);
    assert.equal(await readFile(path.join(precious, "part/file"), "utf8"), "kept");
  });

  test("a container that starts again gets the folder that has the name then, mounted once", async () => {
    const swap = "touch /part/marked; mv /v/d /v/old; mkdir /v/d; exit 1";
    const script = `test -e /v/again && { touch /part/again; exec sleep 1000; }; test -e /v/old && { touch /v/again; ls /part; exit 1; }; ${swap}`;
    const pod = await node.create("again", {
      restartPolicy: "Always",
      volumes: [{ name: "v", emptyDir: {} }],
      containers: [
        node.shell("app", script, {
          volumeMounts: [
            { name: "v", mountPath: "/v" },
            { name: "v", mountPath: "/part", subPath: "d" },
          ],
        }),
      ],
    });
    await node.untilPod("again", ({ status: { containerStatuses: [app] = [] } }) =>
      Boolean(app !== undefined && app.restartCount === 2 && app.state?.running !== undefined),
    );
    const volume = path.join(node.podFolder(pod), "volumes/kubernetes.io~empty-dir/v");
    while (!(await readdir(path.join(volume, "d"))).includes("again")) await sleep(20);
    assert.deepEqual(await readdir(path.join(volume, "d")), ["again"]);
    assert.deepEqual(await readdir(path.join(volume, "old")), ["marked"]);
    assert.equal((await mountsWith(`${pod.metadata.uid}/volume-subpaths/v/app/1`)).length, 1);
    await remove(pod);
  });

  test("nothing behind a mount that cannot be unmounted is deleted with the pod's folder", async () => {
    const [source, kubelet] = [path.join(folder, "source"), path.join(folder, "kubelet")];
    // The kernel lists mounts by another path than the kubelet's own.
    await symlink("kubelet", path.join(folder, "linked"));
    const pod = path.join(folder, "linked/pods/uid");
    await mkdir(source);
    await mkdir(kubelet);
    await writeFile(path.join(source, "file"), "kept");
    const target = path.join(pod, "volume-subpaths/v/app/0");
    await using opened = await openInPlace(source);
    await bindSubPath(opened, target);
    await bindSubPath(opened, target);
    assert.equal((await mountsWith("/kubelet/pods/uid")).length, 1, "mounted once");
    {
      await using _busy = await open(path.join(target, "file"));
      await assert.rejects(removePodFolder(pod), /target is busy/);
    }
    assert.equal(await readFile(path.join(target, "file"), "utf8"), "kept");
    await removePodFolder(pod);
    assert.deepEqual(await mountsWith("/kubelet/pods/uid"), []);
    assert.deepEqual(await readdir(path.join(kubelet, "pods")), []);
    assert.equal(await readFile(path.join(source, "file"), "utf8"), "kept");
  });

  test("what is mounted is replaced by another file of that name", async () => {
    const target = path.join(folder, "pod/volume-subpaths/v/app/0");
    await mkdir(path.join(folder, "a"));
    await writeFile(path.join(folder, "b"), "b");
    await using a = await openInPlace(path.join(folder, "a"));
    await using b = await openInPlace(path.join(folder, "b"));
    await bindSubPath(a, target);
    await bindSubPath(b, target);
    assert.equal(await readFile(target, "utf8"), "b");
    await bindSubPath(a, target);
    assert.deepEqual(await readdir(target), []);
    assert.equal((await mountsWith("pod/volume-subpaths")).length, 1);
    await removePodFolder(path.join(folder, "pod"));
    assert.equal(await readFile(path.join(folder, "b"), "utf8"), "b");
  });
}
