import assert from "node:assert/strict";
import { mkdtemp, readdir, readlink, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { testPod } from "../testing/pods.testing.ts";
import { containerMounts } from "./container-mounts.ts";
import { podPaths } from "./pod-paths.ts";

const cases: { subPathExpr: string; want: string | RegExp }[] = [
  { subPathExpr: "of/$(NAME)", want: "of/web" },
  { subPathExpr: "$$(NAME)", want: "$(NAME)" },
  { subPathExpr: "$(NONE)", want: /^missing value for NONE$/ },
  { subPathExpr: "$(EMPTY)", want: /^missing value for EMPTY$/ },
  { subPathExpr: "$(NONE)/$(NAME)/$(EMPTY)/$(NONE)", want: /^missing value for EMPTY, NONE$/ },
];

for (const { subPathExpr, want } of cases) {
  test(`subPathExpr ${subPathExpr}: ${want}`, async () => {
    const volume = await realpath(await mkdtemp(path.join(os.tmpdir(), "container-mounts-")));
    const mount = { name: "v", mountPath: "/v", subPathExpr };
    const [container] = testPod({ containers: [{ name: "app", volumeMounts: [mount] }] }).spec.containers;
    assert.ok(container !== undefined);
    const values = new Map(Object.entries({ NAME: "web", EMPTY: "" }));
    const bound = new Map<string, string>();
    const made = containerMounts(container, new Map([["v", { path: volume, readOnly: false }]]), {
      paths: podPaths("/kubelet", "uid-1"),
      lookUp: (name) => values.get(name),
      bind: async ({ fd }, target) => void bound.set(target, await readlink(`/proc/self/fd/${fd}`)),
    });
    if (typeof want === "string") {
      const target = "/kubelet/pods/uid-1/volume-subpaths/v/app/0";
      assert.equal((await made)[0]?.hostPath, target);
      assert.deepEqual([...bound], [[target, path.join(volume, want)]]);
    } else {
      await assert.rejects(made, { name: "VolumeError", message: want });
      assert.deepEqual(await readdir(volume), [], "nothing is made");
    }
    await rm(volume, { recursive: true });
  });
}

test("each mount of a container has a place of its own, and a volume without subPath is mounted directly", async () => {
  const volume = await realpath(await mkdtemp(path.join(os.tmpdir(), "container-mounts-")));
  const volumeMounts = [
    { name: "v", mountPath: "/all" },
    { name: "v", mountPath: "/one", subPath: "one" },
    { name: "v", mountPath: "/two", subPath: "two", readOnly: true },
  ];
  const [container] = testPod({ containers: [{ name: "app", volumeMounts }] }).spec.containers;
  assert.ok(container !== undefined);
  const paths = podPaths("/kubelet", "uid-1");
  const volumes = new Map([["v", { path: volume, readOnly: false }]]);
  const making = { paths, lookUp: () => undefined };
  const made = await containerMounts(container, volumes, { ...making, bind: async () => {} });
  assert.deepEqual(
    made.map(({ hostPath, readonly }) => [hostPath, readonly]),
    [
      [volume, false],
      [paths.subPath("v", "app", 1), false],
      [paths.subPath("v", "app", 2), true],
    ],
  );
  const bind = async () => {
    throw new Error("mount: permission denied");
  };
  await assert.rejects(containerMounts(container, volumes, { ...making, bind }), {
    name: "VolumeError",
    message: 'failed to prepare subPath for volumeMount "v" of container "app"',
  });
  await rm(volume, { recursive: true });
});
