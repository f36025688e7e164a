import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { keyOf } from "../object-key.ts";
import { type PodTraits, pod } from "../service-pods/objects.testing.ts";
import { emptyTally, type PodTally, setPod } from "./pod-tally.ts";

/** The ReplicaSet `web` in `default` that wants `replicas` pods with `app: web`. */
export function replicaSet(
  replicas: number,
  { spec, status }: { spec?: Draft<ReplicaSet["spec"]>; status?: Draft<ReplicaSet["status"]> } = {},
): ReplicaSet {
  const draft: Draft<ReplicaSet> = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web", namespace: "default", uid: "uid-rs", resourceVersion: "1", generation: 3 },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1" }] },
      },
      ...spec,
    },
    status: { replicas: 0, ...status },
  };
  return draft as ReplicaSet; // The fields that the code under test reads are all there.
}

/** What a test says about a pod of a ReplicaSet. */
export interface OwnedPodTraits extends PodTraits {
  readonly created?: string;
  readonly deletionCost?: string;
  readonly restarts?: number;
  /** Restarts of an init container that runs beside the others. */
  readonly sidecarRestarts?: number;
  /** The uid of the controller. Default: the ReplicaSet of {@link replicaSet}; `null` for none. */
  readonly controller?: string | null;
}

/** A running, ready pod of {@link replicaSet}, but for what `traits` says. */
export function ownedPod(name: string, traits: OwnedPodTraits = {}): Pod {
  const base = pod({ name, ...traits });
  const { created, deletionCost, restarts, sidecarRestarts, controller = "uid-rs" } = traits;
  const status = (container: string, restartCount: number) => ({ name: container, restartCount });
  const draft: Draft<Pod> = {
    ...base,
    metadata: {
      ...base.metadata,
      ...(created !== undefined && { creationTimestamp: created }),
      ...(deletionCost !== undefined && {
        annotations: { "controller.kubernetes.io/pod-deletion-cost": deletionCost },
      }),
      ...(controller !== null && {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: controller, controller: true },
        ],
      }),
    },
    spec: {
      ...base.spec,
      ...(sidecarRestarts !== undefined && { initContainers: [{ name: "side", restartPolicy: "Always" }] }),
    },
    status: {
      ...base.status,
      ...(restarts !== undefined && { containerStatuses: [status("c", restarts)] }),
      ...(sidecarRestarts !== undefined && { initContainerStatuses: [status("side", sidecarRestarts)] }),
    },
  };
  return draft as Pod; // As above.
}

/** The tally of a ReplicaSet with these pods, as when they are counted for the first time. */
export function tallyOf(of: ReplicaSet, pods: readonly Pod[]): PodTally {
  const tally = emptyTally(of);
  for (const pod of pods) setPod(tally, keyOf(pod), pod);
  return tally;
}
