import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { testPod } from "../testing/pods.testing.ts";
import { podPaths } from "./pod-paths.ts";
import { prepareVolumes } from "./prepare-volumes.ts";

test("what cannot be made is told once nothing of the pod is being made any more", async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), "prepare-volumes-"));
  const paths = podPaths(root, "uid-1");
  const sources = [{ serviceAccountToken: { path: "token", expirationSeconds: 600 } }];
  const pod = testPod({
    volumes: [
      { name: "missing", configMap: { name: "settings", defaultMode: 0o644 } },
      { name: "slow", projected: { sources, defaultMode: 0o644 } },
    ],
  });
  const made = prepareVolumes(pod, {
    paths,
    objects: { configMaps: new Map(), secrets: new Map() },
    tokens: {
      async token() {
        await setImmediate();
        return "secret";
      },
      renewAt: () => undefined,
      forget() {},
    },
    claims: { volumeOf: () => Promise.reject(new Error("there are no claims")), forget() {} },
    addresses: { podIPs: [], hostIPs: [] },
    allocatable: {},
    warn() {},
  });
  await assert.rejects(made, {
    name: "VolumeError",
    message: 'MountVolume.SetUp failed for volume "missing" : configmap "settings" not found',
  });
  assert.equal(await readFile(path.join(paths.volume("projected", "slow"), "token"), "utf8"), "secret");
  await rm(root, { recursive: true });
});
