import type { Lease } from "@fairlead/api/coordination/v1/lease/lease";
import { NODE_LEASE_NAMESPACE } from "../../authz/node-own-objects.ts";
import type { Strategies, Strategy } from "../strategy.ts";
import { SHARED_COMMIT_MS } from "../strategy.ts";
import { customResourceDefinitionStrategy } from "./customresourcedefinition-strategy.ts";
import { daemonSetStrategy, notActedOn } from "./daemonset-strategy.ts";
import { deploymentStrategy } from "./deployment-strategy.ts";
import { namespaceStrategy } from "./namespace-strategy.ts";
import { nodeStrategy } from "./node-strategy.ts";
import { persistentVolumeStrategy } from "./persistentvolume-strategy.ts";
import { persistentVolumeClaimStrategy } from "./persistentvolumeclaim-strategy.ts";
import { podStrategy } from "./pod-strategy.ts";
import { secretStrategy } from "./secret-strategy.ts";

/** Upstream's `--event-ttl`. */
const EVENT_TTL_SECONDS = 3_600;

const eventStrategy: Strategy = { createsOnUpdate: true, ttlSeconds: EVENT_TTL_SECONDS, prepareForCreate: (e) => e };
/**
 * Nodes renew their leases every ten seconds and leaders theirs more often, each as an update of its own: nearly all writes of an idle
 * cluster. One that waits is committed with others', and holders whose renewals were answered together renew together the next time. A
 * lease is for 15 seconds or more: two of them do not matter to it.
 */
const leaseStrategy: Strategy<Lease> = {
  createsOnUpdate: true,
  needsResourceVersion: true,
  updateDelayMs: (lease, previous) => (isRenewal(lease, previous) ? SHARED_COMMIT_MS : 0),
};
const RENEWED_IN: readonly (string | undefined)[] = [NODE_LEASE_NAMESPACE, "kube-system"];

function isRenewal({ metadata, spec }: Lease, previous: Lease): boolean {
  return RENEWED_IN.includes(metadata.namespace) && spec.holderIdentity === previous.spec.holderIdentity;
}

const createsOnUpdate: Strategy = { createsOnUpdate: true };
const answersDeletedObject: Strategy = { answersDeletedObject: true };
const horizontalPodAutoscalerStrategy: Strategy = {
  warnings: (_, previous) => (previous === undefined ? [notActedOn("HorizontalPodAutoscaler")] : []),
};
/** A deletion that names no policy leaves its pods, as before there was a garbage collector. */
const replicationControllerStrategy: Strategy = { orphansDependents: true };

/** What is special about built-in kinds; upstream's registry strategies. */
export const builtinStrategies: Strategies = new Map<string, Strategy>([
  ["pods", podStrategy],
  ["namespaces", namespaceStrategy],
  ["nodes", nodeStrategy],
  ["persistentvolumes", persistentVolumeStrategy],
  ["persistentvolumeclaims", persistentVolumeClaimStrategy],
  ["events", eventStrategy],
  ["services", { createsOnUpdate: true, answersDeletedObject: true }],
  ["serviceaccounts", answersDeletedObject],
  ["secrets", secretStrategy],
  ["endpoints", createsOnUpdate],
  ["replicationcontrollers", replicationControllerStrategy],
  ["daemonsets.apps", daemonSetStrategy],
  ["deployments.apps", deploymentStrategy],
  ["horizontalpodautoscalers.autoscaling", horizontalPodAutoscalerStrategy],
  ["leases.coordination.k8s.io", leaseStrategy],
  ["customresourcedefinitions.apiextensions.k8s.io", customResourceDefinitionStrategy],
  ["roles.rbac.authorization.k8s.io", createsOnUpdate],
  ["rolebindings.rbac.authorization.k8s.io", createsOnUpdate],
  ["clusterroles.rbac.authorization.k8s.io", createsOnUpdate],
  ["clusterrolebindings.rbac.authorization.k8s.io", createsOnUpdate],
]);
