import assert from "node:assert/strict";
import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { testPod } from "../../testing/pods.testing.ts";
import { containerMounts } from "../container-mounts.ts";
import { podPaths } from "../pod-paths.ts";
import { preparePersistentVolume } from "./prepare-persistent-volume.ts";

let root: string;
before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "persistent-"));
});
after(() => rm(root, { recursive: true, force: true }));

/** A group that this process may give files to, also when it is not root's. */
const GROUP = process.getgid?.() ?? 0;

const warnings: string[] = [];

function prepare(
  source: object,
  {
    name = "disk",
    uid = "uid-1",
    pod = testPod(),
    readOnly = false,
  }: {
    name?: string;
    uid?: string;
    pod?: Pod;
    readOnly?: boolean;
  } = {},
) {
  const volume = complete(persistentVolumeKind, { metadata: { name }, spec: source });
  const paths = podPaths(path.join(root, "kubelet"), uid);
  const warn = (reason: string, message: string) => void warnings.push(`${reason}: ${message}`);
  return preparePersistentVolume(volume, { pod, paths, readOnly, warn });
}

test("a directory of the node is made where its type says so, and is itself what is mounted", async () => {
  const folder = path.join(root, "made", "deep");
  assert.equal(await prepare({ hostPath: { path: folder, type: "DirectoryOrCreate" } }), folder);
  assert.ok((await stat(folder)).isDirectory());
});

test("a hostPath that is something else is refused in the volume's name", async () => {
  await writeFile(path.join(root, "file"), "");
  await assert.rejects(prepare({ hostPath: { path: path.join(root, "file"), type: "Directory" } }), {
    name: "VolumeError",
    message: `MountVolume.SetUp failed for volume "disk" : hostPath type check failed: ${root}/file is not a directory`,
  });
});

test("a local volume must be there, as a directory", async () => {
  const before = 'MountVolume.NewMounter initialization failed for volume "disk" : ';
  await assert.rejects(prepare({ local: { path: `${root}/nowhere` } }), {
    message: `${before}path "${root}/nowhere" does not exist`,
  });
  await writeFile(path.join(root, "plain"), "");
  await assert.rejects(prepare({ local: { path: `${root}/plain` } }), {
    message: `${before}only directory and block device are supported`,
  });
});

test("a local volume's files are given to the pod's group, once, and links are not followed", async () => {
  const folder = path.join(root, "local");
  await mkdir(path.join(folder, "inner"), { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, "inner", "data"), "kept", { mode: 0o600 });
  await writeFile(path.join(root, "outside"), "", { mode: 0o600 });
  await symlink(path.join(root, "outside"), path.join(folder, "link"));
  const pod = testPod({ securityContext: { fsGroup: GROUP } });
  assert.equal(await prepare({ local: { path: folder } }, { pod }), folder);
  const modeOf = async (name: string) => (await lstat(path.join(folder, name))).mode & 0o7777;
  assert.deepEqual([await modeOf("inner"), await modeOf("inner/data")], [0o2770, 0o660]);
  assert.equal((await stat(path.join(root, "outside"))).mode & 0o777, 0o600);
  assert.equal(await readFile(path.join(folder, "inner", "data"), "utf8"), "kept");

  await writeFile(path.join(folder, "later"), "", { mode: 0o600 });
  await prepare({ local: { path: folder } }, { pod });
  assert.equal(await modeOf("later"), 0o600);
});

test("a local volume that is read-only, or that another pod has, keeps its group and permissions", async () => {
  const folder = path.join(root, "shared");
  await mkdir(folder, { mode: 0o700 });
  const local = { local: { path: folder } };
  const modeOf = async () => (await lstat(folder)).mode & 0o7777;
  const ofGroup = (fsGroup: number) => testPod({ securityContext: { fsGroup } });
  await prepare(local, { name: "shared", uid: "reader", pod: ofGroup(GROUP), readOnly: true });
  assert.equal(await modeOf(), 0o700);
  await prepare(local, { name: "shared", uid: "second", pod: ofGroup(GROUP) });
  await prepare(local, { name: "shared", uid: "third", pod: ofGroup(GROUP + 1) });
  await prepare(local, { name: "shared", uid: "third", pod: ofGroup(GROUP + 1) });
  assert.equal(await modeOf(), 0o700);
  const text = `The requested fsGroup is ${GROUP + 1}, but the volume shared has GID ${GROUP}. The volume may not be shareable.`;
  assert.deepEqual(warnings, [`AlreadyMountedVolume: ${text}`]);

  for (const uid of ["reader", "second", "third"]) await rm(path.join(root, "kubelet/pods", uid), { recursive: true });
  await prepare(local, { name: "shared", uid: "fourth", pod: ofGroup(GROUP) });
  assert.equal(await modeOf(), 0o2770);
});

test("a local volume whose files could not all be given to the group is gone over again", async () => {
  const folder = path.join(root, "half");
  await mkdir(folder, { mode: 0o700 });
  const pod = testPod({ securityContext: { fsGroup: 2 ** 40 } });
  await assert.rejects(prepare({ local: { path: folder } }, { name: "half", pod }), /SetUp failed for volume "half"/);
  await prepare({ local: { path: folder } }, { name: "half", pod: testPod({ securityContext: { fsGroup: GROUP } }) });
  assert.equal((await lstat(folder)).mode & 0o7777, 0o2770);
});

test("what is mounted read-only as a volume cannot be written to through any mount", async () => {
  const container = testPod({
    containers: [
      {
        name: "app",
        volumeMounts: [
          { name: "v", mountPath: "/v" },
          { name: "w", mountPath: "/w", readOnly: true },
        ],
      },
    ],
  }).spec.containers[0];
  assert.ok(container !== undefined);
  const mounts = async (readOnly: boolean) => {
    const volume = { path: root, readOnly };
    const made = await containerMounts(
      container,
      new Map([
        ["v", volume],
        ["w", volume],
      ]),
      { paths: podPaths("/nonexistent", "uid-1"), lookUp: () => undefined },
    );
    return made.map((mount) => mount.readonly);
  };
  assert.deepEqual(await mounts(false), [false, true]);
  assert.deepEqual(await mounts(true), [true, true]);
});
