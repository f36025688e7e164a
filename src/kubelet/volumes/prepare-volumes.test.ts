import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Volume } from "@fairlead/api/core/v1/pod/volume";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import { podPaths } from "./pod-paths.ts";
import { prepareVolumes, type VolumeSources } from "./prepare-volumes.ts";

const mode = { defaultMode: 0o644 };
const token = { serviceAccountToken: { path: "token", expirationSeconds: 600 } };

const kinds: { volume: Draft<Volume>; readOnly: boolean }[] = [
  { volume: { name: "configMap", configMap: { name: "settings", optional: true, ...mode } }, readOnly: true },
  { volume: { name: "secret", secret: { secretName: "key", optional: true, ...mode } }, readOnly: true },
  { volume: { name: "downwardAPI", downwardAPI: { ...mode } }, readOnly: true },
  { volume: { name: "projected", projected: { sources: [token], ...mode } }, readOnly: true },
  { volume: { name: "emptyDir", emptyDir: {} }, readOnly: false },
  { volume: { name: "hostPath", hostPath: { path: os.tmpdir(), type: "Directory" } }, readOnly: false },
];

for (const { volume, readOnly } of kinds) {
  test(`containers may${readOnly ? " not" : ""} write to a volume of type ${volume.name}`, async () => {
    await using world = await temporaryWorld();
    const made = await prepareVolumes(podWith(volume), world.sources);
    assert.equal(made.get(volume.name ?? "")?.readOnly, readOnly);
  });
}

const missing: Draft<Volume> = { name: "missing", configMap: { name: "settings", ...mode } };

test("a volume that no container mounts is not made, and not missed", async () => {
  await using world = await temporaryWorld();
  const made = await prepareVolumes(testPod({ volumes: [missing] }), world.sources);
  assert.deepEqual([...made], []);
});

for (const role of ["initContainers", "ephemeralContainers"]) {
  test(`a volume that one of the ${role} mounts is made`, async () => {
    await using world = await temporaryWorld();
    const user = { name: "user", volumeMounts: [{ name: "v", mountPath: "/v" }] };
    const pod = testPod({ volumes: [{ name: "v", emptyDir: {} }], [role]: [user] });
    assert.deepEqual([...(await prepareVolumes(pod, world.sources)).keys()], ["v"]);
  });
}

for (const file of ["../file", "a/../file", "./..data"]) {
  test(`a file at ${file} is not made`, async () => {
    await using world = await temporaryWorld();
    const items = [{ path: file, fieldRef: { fieldPath: "metadata.name" } }];
    await assert.rejects(prepareVolumes(podWith({ name: "v", downwardAPI: { items, ...mode } }), world.sources), {
      message: `MountVolume.SetUp failed for volume "v" : the path ${file} leads out of the volume`,
    });
  });
}

test("a volume that cannot be made is reported when none of the pod's volumes is being made any more", async () => {
  await using world = await temporaryWorld();
  const pod = podWith(missing, { name: "slow", projected: { sources: [token], ...mode } });
  await assert.rejects(prepareVolumes(pod, world.sources), {
    name: "VolumeError",
    message: 'MountVolume.SetUp failed for volume "missing" : configmap "settings" not found',
  });
  const file = path.join(world.sources.paths.volume("projected", "slow"), "token");
  assert.equal(await readFile(file, "utf8"), "secret");
});

/** With a container that mounts all of them. */
function podWith(...volumes: readonly Draft<Volume>[]): Pod {
  const volumeMounts = volumes.map(({ name = "" }) => ({ name, mountPath: `/${name}` }));
  return testPod({ volumes, containers: [{ name: "app", volumeMounts }] });
}

async function temporaryWorld() {
  const root = await mkdtemp(path.join(os.tmpdir(), "prepare-volumes-"));
  const sources: VolumeSources = {
    paths: podPaths(root, "uid-1"),
    objects: { configMaps: new Map(), secrets: new Map() },
    tokens: {
      async token() {
        await setImmediate();
        return "secret";
      },
      renewInMs: () => undefined,
      forget() {},
    },
    claims: { volumeOf: () => Promise.reject(new Error("there are no claims")), forget() {} },
    addresses: { podIPs: [], hostIPs: [] },
    allocatable: {},
    warn() {},
  };
  return { sources, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
