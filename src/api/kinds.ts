import { customResourceDefinitionKind } from "./apiextensions/v1/customresourcedefinition/customresourcedefinition.ts";
import { daemonSetKind } from "./apps/v1/daemonset/daemonset.ts";
import { deploymentKind } from "./apps/v1/deployment/deployment.ts";
import { replicaSetKind } from "./apps/v1/replicaset/replicaset.ts";
import { selfSubjectReviewKind } from "./authentication/v1/selfsubjectreview/selfsubjectreview.ts";
import { tokenReviewKind } from "./authentication/v1/tokenreview/tokenreview.ts";
import { localSubjectAccessReviewKind } from "./authorization/v1/localsubjectaccessreview/localsubjectaccessreview.ts";
import { selfSubjectAccessReviewKind } from "./authorization/v1/selfsubjectaccessreview/selfsubjectaccessreview.ts";
import { selfSubjectRulesReviewKind } from "./authorization/v1/selfsubjectrulesreview/selfsubjectrulesreview.ts";
import { subjectAccessReviewKind } from "./authorization/v1/subjectaccessreview/subjectaccessreview.ts";
import { horizontalPodAutoscalerResource } from "./autoscaling/v1/horizontalpodautoscaler/horizontalpodautoscaler-resource.ts";
import { leaseKind } from "./coordination/v1/lease/lease.ts";
import { bindingKind } from "./core/v1/binding/binding.ts";
import { configMapKind } from "./core/v1/configmap/configmap.ts";
import { endpointsKind } from "./core/v1/endpoints/endpoints.ts";
import { namespaceKind } from "./core/v1/namespace/namespace.ts";
import { nodeKind } from "./core/v1/node/node.ts";
import { persistentVolumeKind } from "./core/v1/persistentvolume/persistentvolume.ts";
import { persistentVolumeClaimKind } from "./core/v1/persistentvolumeclaim/persistentvolumeclaim.ts";
import { podKind } from "./core/v1/pod/pod.ts";
import { replicationControllerKind } from "./core/v1/replicationcontroller/replicationcontroller.ts";
import { secretKind } from "./core/v1/secret/secret.ts";
import { serviceKind } from "./core/v1/service/service.ts";
import { serviceAccountKind } from "./core/v1/serviceaccount/serviceaccount.ts";
import { endpointSliceKind } from "./discovery/v1/endpointslice/endpointslice.ts";
import { eventResource } from "./events/v1/event/event-resource.ts";
import type { Kind } from "./kind.ts";
import { clusterRoleKind } from "./rbac/v1/clusterrole/clusterrole.ts";
import { clusterRoleBindingKind } from "./rbac/v1/clusterrolebinding/clusterrolebinding.ts";
import { roleKind } from "./rbac/v1/role/role.ts";
import { roleBindingKind } from "./rbac/v1/rolebinding/rolebinding.ts";
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
