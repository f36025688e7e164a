import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { ANNOTATION } from "@fairlead/api/well-known";
import { parseInt64 } from "@fairlead/lib/int64";
import { rollingLimits } from "./limits.ts";

/** Which rollout this is, counted from 1. On a ReplicaSet the last one that it served. */
export const REVISION = "deployment.kubernetes.io/revision";
/** Revisions that a ReplicaSet served before, joined by commas: it was rolled back to. */
export const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
/** `spec.replicas` of the Deployment when the ReplicaSet was last scaled. Another number there means: it was scaled. */
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
/** The most pods that the Deployment could have then; proportional scaling compares with it. */
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

/** A revision that the Deployment is to go back to, as the API groups before `apps/v1` asked for it. */
export const ROLLBACK_TO = "deprecated.deployment.rollback.to";

/** Longest {@link REVISION_HISTORY}, in characters; the oldest revisions are dropped. Upstream's. */
const REVISION_HISTORY_MAX = 2_000;

/** These stay where they are; all others of the Deployment are also its new ReplicaSet's. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  ANNOTATION.lastApplied,
  ROLLBACK_TO,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

type Annotations = Readonly<Record<string, string>>;

/**
 * The annotations of the ReplicaSet that serves the Deployment's present template as revision `revision`.
 *
 * A ReplicaSet keeps what it has and the Deployment lost, and never gets a lower revision. One whose revision is not a
 * number is left unchanged.
 */
export function newReplicaSetAnnotations(
  deployment: Deployment,
  present: Annotations | undefined,
  revision: bigint,
): Annotations {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !NOT_COPIED.has(name));
  const annotations = { ...present, ...Object.fromEntries(copied) };
  const before = present?.[REVISION];
  if (before === undefined || before === "") return { ...annotations, [REVISION]: String(revision) };
  const beforeNumber = parseInt64(before);
  if (beforeNumber === undefined) return present ?? {};
  if (beforeNumber >= revision) return annotations;
  return { ...annotations, ...history(annotations[REVISION_HISTORY] ?? "", before), [REVISION]: String(revision) };
}

function history(present: string, served: string): Annotations {
  if (present === "") return { [REVISION_HISTORY]: served };
  const revisions = [...present.split(","), served];
  while (revisions.join(",").length > REVISION_HISTORY_MAX && revisions.length > 1) revisions.shift();
  return { [REVISION_HISTORY]: revisions.join(",") };
}

/** The annotations of the Deployment when it goes back to that ReplicaSet: what came from it then, and its own. */
export function annotationsOf(deployment: Deployment, target: ReplicaSet): Annotations {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => NOT_COPIED.has(name));
  const copied = Object.entries(target.metadata.annotations ?? {}).filter(([name]) => !NOT_COPIED.has(name));
  return Object.fromEntries([...own, ...copied]);
}

/** What a ReplicaSet remembers of the Deployment's size whenever it is scaled. */
export function replicasAnnotations(deployment: Deployment): Annotations {
  const { replicas } = deployment.spec;
  const { maxSurge } = rollingLimits(deployment);
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge) };
}

/** Returns the revision of a ReplicaSet, an int64; 0 when it has none, `undefined` when it is not a number. */
export function revisionOf({ metadata }: Pick<ReplicaSet, "metadata">): bigint | undefined {
  const text = metadata.annotations?.[REVISION];
  return text === undefined ? 0n : parseInt64(text);
}

/** A number of pods that was written down; `undefined` when there is none, or it is not one. */
export function countFrom(
  { metadata }: Pick<ReplicaSet, "metadata">,
  name: typeof DESIRED_REPLICAS | typeof MAX_REPLICAS,
): number | undefined {
  const text = metadata.annotations?.[name] ?? "";
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return count <= 0x7fff_ffff ? count : undefined;
}
