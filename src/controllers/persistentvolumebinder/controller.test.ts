import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { type ControlledCluster, startControllersIn, until } from "../controllers.testing.ts";

async function createVolume(client: Client, name: string, spec: Draft<PersistentVolume["spec"]> = {}) {
  await client.create(persistentVolumeKind, {
    metadata: { name },
    spec: {
      ...{ capacity: { storage: "20Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: `/tmp/${name}` } },
      ...spec,
    },
  });
}

async function createClaim(client: Client, name: string, spec: Draft<PersistentVolumeClaim["spec"]> = {}) {
  await client.create(persistentVolumeClaimKind, {
    metadata: { name, namespace: "team" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } }, ...spec },
  });
}

function volumeIn(client: Client, name: string, phase: string): Promise<PersistentVolume> {
  return until(async () => {
    const volume = await client.get(persistentVolumeKind, { name });
    return volume.status.phase === phase ? volume : undefined;
  });
}

function claimIn(client: Client, name: string, phase: string): Promise<PersistentVolumeClaim> {
  return until(async () => {
    const claim = await client.get(persistentVolumeClaimKind, { namespace: "team", name });
    return claim.status.phase === phase ? claim : undefined;
  });
}

function eventOf(client: Client, name: string, reason: string): Promise<string> {
  return until(async () => {
    const { items } = await client.list(eventKind);
    return items.find((event) => event.involvedObject.name === name && event.reason === reason)?.message;
  });
}

async function gone(ask: () => Promise<unknown>): Promise<void> {
  await until(() =>
    ask().then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : Promise.reject(error)),
    ),
  );
}

async function startTeam(
  t: Parameters<typeof startControllersIn>[0],
  options: Parameters<typeof startControllersIn>[1] = {},
): Promise<ControlledCluster> {
  const cluster = await startControllersIn(t, { removeFolder: async () => {}, ...options });
  await cluster.client.create(namespaceKind, { metadata: { name: "team" } });
  return cluster;
}

test("a claim gets the volume that it names, and leaves it Released", async (t) => {
  const { client } = await startTeam(t);
  await createVolume(client, "disk");
  await createClaim(client, "data", { volumeName: "disk", storageClassName: "" });
  const claim = await claimIn(client, "data", "Bound");
  assert.deepEqual(claim.status.capacity, { storage: "20Gi" });
  const volume = await volumeIn(client, "disk", "Bound");
  assert.equal(volume.spec.claimRef?.uid, claim.metadata.uid);
  await client.delete(persistentVolumeClaimKind, claim.metadata);
  assert.equal((await volumeIn(client, "disk", "Released")).spec.claimRef?.name, "data");
  // An administrator decides that the next claim may have it with its data.
  await client.patch(persistentVolumeKind, { name: "disk" }, "merge", { spec: { claimRef: null } });
  await createClaim(client, "again");
  assert.equal((await claimIn(client, "again", "Bound")).spec.volumeName, "disk");
});

test("claims that come before their volumes get one each, never the same", async (t) => {
  const { client } = await startTeam(t);
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) await createClaim(client, name);
  assert.match(await eventOf(client, "a", "FailedBinding"), /^no persistent volumes available/);
  await Promise.all(names.map((name) => createVolume(client, `disk-${name}`)));
  const found = await Promise.all(names.map(async (name) => (await claimIn(client, name, "Bound")).spec.volumeName));
  assert.equal(new Set(found).size, names.length);
});

test("a claim whose volume is taken away is Lost, and says so", async (t) => {
  const { client } = await startTeam(t);
  await createVolume(client, "disk");
  await createClaim(client, "data");
  await claimIn(client, "data", "Bound");
  await client.delete(persistentVolumeKind, { name: "disk" });
  // Held by its protection while it is bound.
  assert.notEqual((await client.get(persistentVolumeKind, { name: "disk" })).metadata.deletionTimestamp, undefined);
  await client.patch(persistentVolumeKind, { name: "disk" }, "merge", { metadata: { finalizers: null } });
  await claimIn(client, "data", "Lost");
  assert.match(await eventOf(client, "data", "ClaimLost"), /has lost its PersistentVolume/);
});

test("with the policy Delete the files of a volume go with its claim; where they cannot, it has Failed", async (t) => {
  const removed: string[] = [];
  const { client } = await startTeam(t, { removeFolder: async (folder) => void removed.push(folder) });
  await createVolume(client, "scratch", { persistentVolumeReclaimPolicy: "Delete" });
  await createVolume(client, "precious", {
    ...{ persistentVolumeReclaimPolicy: "Delete", hostPath: { path: "/data" } },
  });
  await createClaim(client, "one", { volumeName: "scratch" });
  await createClaim(client, "two", { volumeName: "precious" });
  for (const name of ["one", "two"]) {
    await claimIn(client, name, "Bound");
    await client.delete(persistentVolumeClaimKind, { namespace: "team", name });
  }
  await gone(() => client.get(persistentVolumeKind, { name: "scratch" }));
  assert.deepEqual(removed, ["/tmp/scratch"]);
  const why = "host_path deleter only supports /tmp/.+ but received provided /data";
  assert.equal((await volumeIn(client, "precious", "Failed")).status.message, why);
  assert.equal(await eventOf(client, "precious", "VolumeFailedDelete"), why);
});

test("a deleted claim stays until no pod uses it any more", async (t) => {
  const { client } = await startTeam(t);
  await createVolume(client, "disk");
  await createClaim(client, "data");
  const claim = await claimIn(client, "data", "Bound");
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
  await client.create(podKind, {
    metadata: { name: "p", namespace: "team" },
    spec: { nodeName: "n1", containers: [{ name: "c", image: "app" }], volumes },
  });
  await until(async () => {
    const { metadata } = await client.get(persistentVolumeClaimKind, claim.metadata);
    return metadata.finalizers?.includes("kubernetes.io/pvc-protection");
  });
  await client.delete(persistentVolumeClaimKind, claim.metadata);
  const held = await client.get(persistentVolumeClaimKind, claim.metadata);
  assert.notEqual(held.metadata.deletionTimestamp, undefined);
  await client.delete(podKind, { namespace: "team", name: "p" }, { gracePeriodSeconds: 0 });
  await gone(() => client.get(persistentVolumeClaimKind, claim.metadata));
  await volumeIn(client, "disk", "Released");
  await client.delete(persistentVolumeKind, { name: "disk" });
  await gone(() => client.get(persistentVolumeKind, { name: "disk" }));
});
