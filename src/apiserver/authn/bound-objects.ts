import type { KubeObject } from "@fairlead/api/resource-reference";
import type { BoundObject, KubernetesClaim } from "./service-account-claims.ts";

/** Finds the objects that tokens are bound to. Answers nothing when there is no such object. */
export interface BoundObjects {
  serviceAccount(namespace: string, name: string): Promise<KubeObject | undefined>;
  pod(namespace: string, name: string): Promise<KubeObject | undefined>;
  secret(namespace: string, name: string): Promise<KubeObject | undefined>;
  node(name: string): Promise<KubeObject | undefined>;
}

/** A token outlives the object it is bound to by at most this much: the time its last words may take. */
const LEEWAY_MS = 60_000;

/**
 * Why the objects that a token is bound to make it invalid: one of them was deleted, or another one now has its name.
 * Nothing when all are still there.
 */
export async function boundObjectsFailure(
  claim: KubernetesClaim,
  objects: BoundObjects,
  nowMs: number,
): Promise<string | undefined> {
  const { namespace, serviceaccount, pod, secret, node } = claim;
  const account = await objects.serviceAccount(namespace, serviceaccount.name);
  if (account === undefined) return `serviceaccounts "${serviceaccount.name}" not found`;
  if (isGone(account, nowMs)) return `service account ${namespace}/${serviceaccount.name} has been deleted`;
  if (account.metadata.uid !== serviceaccount.uid) {
    return `service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid ?? ""})`;
  }
  const found = async (bound: BoundObject | undefined, find: (name: string) => Promise<KubeObject | undefined>) =>
    bound === undefined ? undefined : { bound, object: await find(bound.name) };
  return (
    failureOf(
      "secret",
      "service account secret",
      nowMs,
      await found(secret, (name) => objects.secret(namespace, name)),
    ) ??
    failureOf("pod", "service account pod", nowMs, await found(pod, (name) => objects.pod(namespace, name))) ??
    // A token bound to a pod names the pod's node as well, for the reader's information only.
    (pod === undefined ? failureOf("node", "service account node", nowMs, await found(node, objects.node)) : undefined)
  );
}

interface Found {
  readonly bound: BoundObject;
  readonly object: KubeObject | undefined;
}

function failureOf(what: string, claimName: string, nowMs: number, found: Found | undefined): string | undefined {
  if (found === undefined) return undefined;
  const { bound, object } = found;
  if (object === undefined || isGone(object, nowMs)) return "service account token has been invalidated";
  if (object.metadata.uid === bound.uid) return undefined;
  return `${what} UID (${object.metadata.uid}) does not match ${claimName} ref claim (${bound.uid ?? ""})`;
}

function isGone(object: KubeObject, nowMs: number): boolean {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < nowMs - LEEWAY_MS;
}
