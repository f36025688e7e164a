import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isNotFound, StatusError } from "@fairlead/api/status-error";
import type { DeleteCallOptions } from "@fairlead/client/client";
import type { PolicyServer } from "../testing/start-policy-server.testing.ts";
import { startPolicyServer } from "../testing/start-policy-server.testing.ts";

let api: PolicyServer;
before(async () => {
  api = await startPolicyServer();
});
after(() => api.stop());

/** A kind, and what is deleted of it. Volumes and claims are only marked: admission gives them a finalizer. */
interface Sample {
  readonly kind: Kind;
  readonly named: string;
  readonly spec: object;
  readonly isMarked: boolean;
}

const samples: readonly Sample[] = [
  {
    kind: persistentVolumeKind,
    named: "PersistentVolume",
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/disk" } },
    isMarked: true,
  },
  {
    kind: persistentVolumeClaimKind,
    named: "PersistentVolumeClaim",
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    isMarked: true,
  },
  { kind: leaseKind, named: "Lease.coordination.k8s.io", spec: {}, isMarked: false },
];

type Preconditions = NonNullable<DeleteCallOptions["preconditions"]>;

interface Row {
  readonly name: string;
  /** @param old - As the object was when it was made. It was written once since. */
  preconditions(now: KubeObject, old: KubeObject): Preconditions;
  /** What upstream's message says behind the name. Source: `rest.BeforeDelete` of k8s.io/apiserver. Default: deleted. */
  refusal?(now: KubeObject, old: KubeObject): string;
}

const rows: readonly Row[] = [
  { name: "its own uid", preconditions: ({ metadata: { uid } }) => ({ uid }) },
  { name: "its resource version", preconditions: ({ metadata: { resourceVersion } }) => ({ resourceVersion }) },
  {
    name: "both of them",
    preconditions: ({ metadata: { uid, resourceVersion } }) => ({ uid, resourceVersion }),
  },
  {
    name: "the uid of one that had its name before",
    preconditions: () => ({ uid: "before" }),
    refusal: ({ metadata }) =>
      `the UID in the precondition (before) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
  },
  {
    name: "an empty uid",
    preconditions: () => ({ uid: "" }),
    refusal: ({ metadata }) =>
      `the UID in the precondition () does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
  },
  {
    name: "a resource version that it had before",
    preconditions: (_, { metadata: { resourceVersion } }) => ({ resourceVersion }),
    refusal: (now, old) =>
      `the ResourceVersion in the precondition (${old.metadata.resourceVersion}) does not match the ResourceVersion in record (${now.metadata.resourceVersion}). The object might have been modified`,
  },
  {
    name: "its resource version, and another's uid",
    preconditions: ({ metadata: { resourceVersion } }) => ({ uid: "before", resourceVersion }),
    refusal: ({ metadata }) =>
      `the UID in the precondition (before) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
  },
];

for (const sample of samples) {
  for (const [i, { name, preconditions, refusal }] of rows.entries()) {
    const isRefused = refusal !== undefined;
    test(`a ${sample.kind.kind} is ${isRefused ? "not " : ""}deleted with the precondition: ${name}`, async () => {
      const { key, old, now } = await written(sample, `row-${i}`);
      const deletion = api.client().delete(sample.kind, key, { preconditions: preconditions(now, old) });
      if (!isRefused) {
        await deletion;
        await assertDeleted(sample, key);
        return;
      }
      const object = `${sample.named} ${JSON.stringify(key.name)}`;
      await assertConflict(deletion, `Operation cannot be fulfilled on ${object}: ${refusal(now, old)}`);
      assert.deepEqual(await api.client().get(sample.kind, key), now, "it stays as it was");
    });
  }
}

test("a volume that waits for its finalizers is not given for one with another uid either", async () => {
  const [sample] = samples;
  assert.ok(sample !== undefined);
  const { key } = await written(sample, "waiting");
  await api.client().delete(sample.kind, key);
  const deletion = api.client().delete(sample.kind, key, { preconditions: { uid: "before" } });
  await assertConflict(deletion, /the UID in the precondition \(before\)/);
});

type Key = { readonly name: string; readonly namespace?: string };

async function written({ kind, spec }: Sample, name: string) {
  const key: Key = { name, ...(kind.namespaced && { namespace: "default" }) };
  const client = api.client();
  // Each spec is that of its kind.
  const old = await client.create(kind, { metadata: key, spec } as Draft<KubeObject>);
  const now = await client.patch(kind, key, "merge", { metadata: { labels: { a: "b" } } });
  return { key, old, now };
}

async function assertDeleted({ kind, isMarked }: Sample, key: Key): Promise<void> {
  if (!isMarked) return assert.rejects(api.client().get(kind, key), isNotFound);
  const { metadata } = await api.client().get(kind, key);
  assert.notEqual(metadata.deletionTimestamp, undefined);
}

async function assertConflict(deletion: Promise<void>, message: string | RegExp): Promise<void> {
  await assert.rejects(deletion, (error: unknown) => {
    assert.ok(error instanceof StatusError);
    assert.equal(error.reason, "Conflict");
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}
