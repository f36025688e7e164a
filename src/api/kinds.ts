import { customResourceDefinitionKind } from "./apiextensions/v1/customresourcedefinition.ts";
import { daemonSetKind } from "./apps/v1/daemonset.ts";
import { deploymentKind } from "./apps/v1/deployment.ts";
import { replicaSetKind } from "./apps/v1/replicaset.ts";
import { selfSubjectReviewKind } from "./authentication/v1/selfsubjectreview.ts";
import { tokenReviewKind } from "./authentication/v1/tokenreview.ts";
import { localSubjectAccessReviewKind } from "./authorization/v1/localsubjectaccessreview.ts";
import { selfSubjectAccessReviewKind } from "./authorization/v1/selfsubjectaccessreview.ts";
import { selfSubjectRulesReviewKind } from "./authorization/v1/selfsubjectrulesreview.ts";
import { subjectAccessReviewKind } from "./authorization/v1/subjectaccessreview.ts";
import { horizontalPodAutoscalerResource } from "./autoscaling/v1/horizontalpodautoscaler.ts";
import { leaseKind } from "./coordination/v1/lease.ts";
import { bindingKind } from "./core/v1/binding.ts";
import { configMapKind } from "./core/v1/configmap.ts";
import { endpointsKind } from "./core/v1/endpoints.ts";
import { namespaceKind } from "./core/v1/namespace.ts";
import { nodeKind } from "./core/v1/node.ts";
import { persistentVolumeKind } from "./core/v1/persistentvolume.ts";
import { persistentVolumeClaimKind } from "./core/v1/persistentvolumeclaim.ts";
import { podKind } from "./core/v1/pod/pod.ts";
import { replicationControllerKind } from "./core/v1/replicationcontroller.ts";
import { secretKind } from "./core/v1/secret.ts";
import { serviceKind } from "./core/v1/service.ts";
import { serviceAccountKind } from "./core/v1/serviceaccount.ts";
import { endpointSliceKind } from "./discovery/v1/endpointslice.ts";
import { eventResource } from "./events/v1/event-resource.ts";
import type { Kind } from "./kind.ts";
import { clusterRoleKind } from "./rbac/v1/clusterrole.ts";
import { clusterRoleBindingKind } from "./rbac/v1/clusterrolebinding.ts";
import { roleKind } from "./rbac/v1/role.ts";
import { roleBindingKind } from "./rbac/v1/rolebinding.ts";
import { inOneVersion, type ResourceDefinition } from "./resource-definition.ts";

/** Every built-in resource, in the order in which discovery lists them. */
export const builtinResources: readonly ResourceDefinition[] = [
  inOneVersion(bindingKind),
  inOneVersion(configMapKind),
  inOneVersion(endpointsKind),
  eventResource,
  inOneVersion(namespaceKind),
  inOneVersion(nodeKind),
  inOneVersion(persistentVolumeClaimKind),
  inOneVersion(persistentVolumeKind),
  inOneVersion(podKind),
  inOneVersion(replicationControllerKind),
  inOneVersion(secretKind),
  inOneVersion(serviceAccountKind),
  inOneVersion(serviceKind),
  inOneVersion(tokenReviewKind),
  inOneVersion(selfSubjectReviewKind),
  inOneVersion(localSubjectAccessReviewKind),
  inOneVersion(selfSubjectAccessReviewKind),
  inOneVersion(selfSubjectRulesReviewKind),
  inOneVersion(subjectAccessReviewKind),
  inOneVersion(daemonSetKind),
  inOneVersion(deploymentKind),
  inOneVersion(replicaSetKind),
  horizontalPodAutoscalerResource,
  inOneVersion(leaseKind),
  inOneVersion(endpointSliceKind),
  inOneVersion(customResourceDefinitionKind),
  inOneVersion(clusterRoleBindingKind),
  inOneVersion(clusterRoleKind),
  inOneVersion(roleBindingKind),
  inOneVersion(roleKind),
];

/** Every built-in kind in every version. */
export const builtinKinds: readonly Kind[] = builtinResources.flatMap(({ versions }) =>
  versions.map(({ kind }) => kind),
);
