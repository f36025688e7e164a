import { complete } from "@fairlead/api/complete.testing";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Draft } from "@fairlead/api/schema";

/** What a test says about a volume, besides its spec. */
export type VolumeTraits = Draft<PersistentVolume["spec"]> & {
  readonly name?: string;
  readonly size?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly terminating?: boolean;
};

/** An Available directory of 10 GiB for one node at a time, but for what `traits` says. */
export function volume(traits: VolumeTraits = {}): PersistentVolume {
  const { name = "v", size = "10Gi", labels, annotations, phase = "Available", terminating, ...spec } = traits;
  const deletionTimestamp = terminating ? "2026-01-01T01:00:00Z" : undefined;
  const hasSource = ["hostPath", "local", "nfs", "csi"].some((source) => source in spec);
  return complete(persistentVolumeKind, {
    metadata: { name, uid: `uid-${name}`, resourceVersion: "1", labels, annotations, deletionTimestamp },
    spec: {
      capacity: { storage: size },
      accessModes: ["ReadWriteOnce"],
      ...(!hasSource && { hostPath: { path: `/tmp/${name}` } }),
      ...spec,
    },
    status: { phase },
  });
}

/** What a test says about a claim, besides its spec. */
export type ClaimTraits = Draft<PersistentVolumeClaim["spec"]> & {
  readonly name?: string;
  readonly size?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly terminating?: boolean;
  readonly finalizers?: readonly string[];
};

/** A Pending claim `team/c` of 5 GiB for one node at a time, but for what `traits` says. */
export function claim(traits: ClaimTraits = {}): PersistentVolumeClaim {
  const { name = "c", size = "5Gi", annotations, phase = "Pending", terminating, finalizers, ...spec } = traits;
  const deletionTimestamp = terminating ? "2026-01-01T01:00:00Z" : undefined;
  const namespace = "team";
  return complete(persistentVolumeClaimKind, {
    metadata: {
      ...{ name, namespace, uid: `uid-${name}`, resourceVersion: "1", annotations, deletionTimestamp, finalizers },
    },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } }, ...spec },
    status: { phase },
  });
}
