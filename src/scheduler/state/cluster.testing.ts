import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { labelsInclude } from "@fairlead/api/selectors/label-selector";
import type { ClusterState } from "./cluster-state.ts";
import { ownerSelectorOf } from "./owner-selector.ts";
import { trackedCluster } from "./tracked-cluster.ts";

/** What a test says about a pod. Everything else of the spec can be given by its own name. */
export type PodTraits = Draft<Omit<Pod["spec"], "containers">> & {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly containers?: Draft<Pod["spec"]["containers"]>;
  readonly terminating?: boolean;
};

/** A pod in `default` with one container. */
export function pod({
  name = "p",
  labels = {},
  owner,
  requests = {},
  containers,
  terminating,
  ...spec
}: PodTraits = {}): Pod {
  const draft: Draft<Pod> = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      labels,
      ...(owner !== undefined && {
        ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true }],
      }),
      ...(terminating && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    spec: {
      schedulerName: "default-scheduler",
      containers: containers ?? [{ name: "c", image: "app", resources: { requests } }],
      ...spec,
    },
    status: { phase: "Pending" },
  };
  const complete = (list: Draft<Pod["spec"]["containers"]> | undefined) =>
    list?.map((c) => ({ resources: {}, image: "app", ...c }));
  const initContainers = complete(draft.spec?.initContainers);
  // The fields that the code under test reads are all there.
  return {
    ...draft,
    spec: { ...draft.spec, containers: complete(draft.spec?.containers), ...(initContainers && { initContainers }) },
  } as Pod;
}

/** A node with 4 CPUs, 8 GiB, room for 110 pods and its own name as `kubernetes.io/hostname`. */
export function node(
  name: string,
  traits: { labels?: Record<string, string>; allocatable?: Record<string, string> } & Draft<Node["spec"]> = {},
  status: Draft<Node["status"]> = {},
): Node {
  const { labels = {}, allocatable = {}, ...spec } = traits;
  const draft: Draft<Node> = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: `uid-${name}`, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec,
    status: {
      allocatable: { cpu: "4", memory: "8Gi", "ephemeral-storage": "20Gi", pods: "110", ...allocatable },
      ...status,
    },
  };
  return draft as Node; // As above.
}

/** What else a test says about a cluster. */
export interface OtherTraits {
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  /** What each ReplicaSet selects, by its name. */
  readonly replicaSets?: Readonly<Record<string, Record<string, string>>>;
}

/** A cluster of these nodes, with pods where their `nodeName` says. */
export function cluster(
  nodes: readonly Node[],
  pods: readonly Pod[] = [],
  services: Readonly<Record<string, Record<string, string>>> = {},
  more: OtherTraits = {},
): ClusterState {
  const tracked = trackedCluster();
  for (const n of nodes) tracked.setNode(n);
  for (const p of pods) tracked.setPod(p);
  const all = Object.values(services).map((selector) => ({ spec: { selector } }) as unknown as Service);
  return tracked.state(
    {
      servicesOf: (p) => all.filter((service) => labelsInclude(service.spec.selector ?? {}, p.metadata.labels)),
      ownerSelectorOf: (p) => ownerSelectorOf({ replicaSets: fakeReplicaSets(more.replicaSets ?? {}) }, p),
      namespaceLabels: (namespace) => ({ "kubernetes.io/metadata.name": namespace }),
      claim: (key) => more.claims?.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key),
      volume: (name) => more.volumes?.find(({ metadata }) => metadata.name === name),
    },
    pod(),
  );
}

function fakeReplicaSets(selectors: Readonly<Record<string, Record<string, string>>>) {
  return {
    get(key: string) {
      const matchLabels = selectors[key.split("/")[1] ?? ""];
      return matchLabels && ({ spec: { selector: { matchLabels } } } as unknown as ReplicaSet); // All that is read.
    },
  };
}
