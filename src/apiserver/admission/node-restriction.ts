import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { deepEqual } from "@fairlead/api/deep-equal";
import { goQuote } from "@fairlead/api/go-quote";

import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Authorizer } from "../authz/authorizer.ts";
import { nodeIdentity } from "../authz/node-identity.ts";
import { NODE_LEASE_NAMESPACE } from "../authz/node-own-objects.ts";
import { notFound } from "../registry/refusals.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { apiObjectReference } from "./api-object-reference.ts";
import { forbiddenLabelChanges } from "./node-labels.ts";
import { type NodeTokenRequest, podTokenProblem, unboundTokenProblem } from "./node-token-request.ts";
import type { ObjectLookup } from "./object-lookup.ts";
import { isBelow, isMirrorPod } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/** Objects that NodeRestriction reads. */
export interface NodeRestrictionOptions {
  readonly nodes: ObjectLookup<Node>;
  readonly pods: Pick<ObjectLookup<Pod>, "live">;
  readonly authorizer: Authorizer;
}

/**
 * Limits what kubelets write to their own node, their own lease, the pods bound to them and those pods' claims, and for which pods they
 * get tokens.
 */
export function nodeRestriction(options: NodeRestrictionOptions): AdmissionPlugin {
  return {
    name: "NodeRestriction",
    validate(request) {
      const node = nodeIdentity(request.user);
      return node === undefined ? undefined : assertOwn(options, node.nodeName, request);
    },
  };
}

async function assertOwn(options: NodeRestrictionOptions, nodeName: string, request: AdmissionRequest): Promise<void> {
  if (nodeName === "") {
    throw forbidden(request, `could not determine node from user ${goQuote(request.user.name)}`);
  }
  const problem = await problemOf(options, nodeName, request);
  if (problem !== undefined) throw forbidden(request, problem);
}

async function problemOf(
  options: NodeRestrictionOptions,
  nodeName: string,
  request: AdmissionRequest,
): Promise<string | undefined> {
  // Resource and subresource say what the object is.
  const of = <T extends KubeObject>() => request as unknown as AdmissionRequest<T>;
  if (isBelow(request, podKind)) return podProblem(options, nodeName, of<Pod>());
  if (isBelow(request, nodeKind)) return nodeProblem(nodeName, of<Node>());
  if (isBelow(request, leaseKind)) return leaseProblem(nodeName, request);
  if (isBelow(request, persistentVolumeClaimKind)) return claimProblem(nodeName, of<PersistentVolumeClaim>());
  if (isBelow(request, serviceAccountKind) && request.subresource === "token") {
    return tokenProblem(options, nodeName, of<TokenRequest>());
  }
  return undefined;
}

async function podProblem(
  { nodes, pods }: NodeRestrictionOptions,
  nodeName: string,
  request: AdmissionRequest<Pod>,
): Promise<string | undefined> {
  const { operation, subresource, object, previous } = request;
  const quoted = goQuote(nodeName);
  switch (subresource === "" ? operation : subresource) {
    case "create":
      return newPodProblem(nodes, nodeName, object);
    case "delete":
      if (object.spec.nodeName === nodeName) return undefined;
      return `node ${quoted} can only delete pods with spec.nodeName set to itself`;
    case "status":
      if (previous?.spec.nodeName !== nodeName) {
        return `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`;
      }
      return podStatusProblem(quoted, previous, object);
    case "eviction":
      return (await podOf(pods, request)).spec.nodeName === nodeName
        ? undefined
        : `node ${nodeName} can only evict pods with spec.nodeName set to itself`;
    case "update":
      return `unexpected operation "UPDATE", node ${quoted} can only create and delete mirror pods`;
    default:
      return `unexpected pod subresource ${goQuote(subresource)}, only 'status' and 'eviction' are allowed`;
  }
}

/** @throws {StatusError} `NotFound`. */
async function podOf(
  pods: NodeRestrictionOptions["pods"],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Pod> {
  const pod = await pods.live({ namespace, name });
  if (pod === undefined) throw notFound(podKind, name);
  return pod;
}

/** Lets a kubelet have tokens only for the pods that it runs. */
async function tokenProblem(
  { pods, authorizer }: NodeRestrictionOptions,
  nodeName: string,
  { user, namespace, name, object: { spec } }: AdmissionRequest<TokenRequest>,
): Promise<string | undefined> {
  const request: NodeTokenRequest = { user, nodeName, namespace, account: name, spec };
  const unbound = unboundTokenProblem(request);
  if (unbound !== undefined) return unbound;
  return podTokenProblem(request, await podOf(pods, { namespace, name: spec.boundObjectRef?.name ?? "" }), authorizer);
}

/** The claims of a pod open ResourceClaims to its node: only their controller may set them. */
function podStatusProblem(quoted: string, before: Pod, after: Pod): string | undefined {
  if (!deepEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {})) {
    return `node ${quoted} cannot update labels through pod status`;
  }
  if (!deepEqual(before.status.resourceClaimStatuses ?? [], after.status.resourceClaimStatuses ?? [])) {
    return `node ${quoted} cannot update resource claim statues`;
  }
  if (!deepEqual(before.status.extendedResourceClaimStatus, after.status.extendedResourceClaimStatus)) {
    return `node ${quoted} cannot update extended resource claim status`;
  }
  return undefined;
}

async function newPodProblem(nodes: ObjectLookup<Node>, nodeName: string, pod: Pod): Promise<string | undefined> {
  const quoted = goQuote(nodeName);
  if (!isMirrorPod(pod)) {
    return `pod does not have "kubernetes.io/config.mirror" annotation, node ${quoted} can only create mirror pods`;
  }
  if (pod.spec.nodeName !== nodeName) return `node ${quoted} can only create pods with spec.nodeName set to itself`;
  const referenced = apiObjectReference(pod);
  return (
    (await ownerProblem(nodes, nodeName, pod)) ??
    (referenced === undefined ? undefined : `node ${quoted} can not create pods that reference ${referenced}`)
  );
}

async function ownerProblem(nodes: ObjectLookup<Node>, nodeName: string, pod: Pod): Promise<string | undefined> {
  const quoted = goQuote(nodeName);
  const [owner, ...others] = pod.metadata.ownerReferences ?? [];
  if (others.length > 0) return `node ${quoted} can only create pods with a single owner reference set to itself`;
  if (owner === undefined || owner.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== nodeName) {
    return `node ${quoted} can only create pods with an owner reference set to itself`;
  }
  if (owner.controller !== true) {
    return `node ${quoted} can only create pods with a controller owner reference set to itself`;
  }
  if (owner.blockOwnerDeletion === true) return `node ${quoted} must not set blockOwnerDeletion on an owner reference`;
  const node = await nodes.find({ name: nodeName });
  if (node === undefined) return `error looking up node ${nodeName} to verify uid: nodes ${quoted} not found`;
  if (owner.uid === node.metadata.uid) return undefined;
  return `node ${nodeName} UID mismatch: expected ${owner.uid} got ${node.metadata.uid}`;
}

function nodeProblem(nodeName: string, request: AdmissionRequest<Node>): string | undefined {
  const quoted = goQuote(nodeName);
  const { object, previous, operation } = request;
  const name = request.name || object.metadata.name;
  if (name !== nodeName) return `node ${quoted} is not allowed to modify node ${goQuote(name)}`;
  if (operation === "delete") return undefined;
  return previous === undefined ? newNodeProblem(quoted, object) : changedNodeProblem(quoted, previous, object);
}

function newNodeProblem(quoted: string, { metadata, spec }: Node): string | undefined {
  if (spec.configSource !== undefined) {
    return `node ${quoted} is not allowed to create pods with a non-nil configSource`;
  }
  const labels = forbiddenLabelChanges({}, metadata.labels ?? {}).join(", ");
  return labels === "" ? undefined : `node ${quoted} is not allowed to set the following labels: ${labels}`;
}

function changedNodeProblem(quoted: string, before: Node, after: Node): string | undefined {
  if (after.spec.configSource !== undefined && !deepEqual(before.spec.configSource, after.spec.configSource)) {
    return `node ${quoted} is not allowed to update configSource to a new non-nil configSource`;
  }
  if (!deepEqual(before.spec.taints ?? [], after.spec.taints ?? [])) {
    return `node ${quoted} is not allowed to modify taints`;
  }
  // A Node whose owner is gone is deleted by the garbage collector; the kubelet would register again without its taints.
  if (!deepEqual(before.metadata.ownerReferences ?? [], after.metadata.ownerReferences ?? [])) {
    return `node ${quoted} is not allowed to modify ownerReferences`;
  }
  const labels = forbiddenLabelChanges(before.metadata.labels ?? {}, after.metadata.labels ?? {}).join(", ");
  return labels === "" ? undefined : `is not allowed to modify labels: ${labels}`;
}

/** A kubelet says how large a claim's file system is; nothing else of a claim is its business. */
function claimProblem(
  nodeName: string,
  { operation, subresource, object, previous }: AdmissionRequest<PersistentVolumeClaim>,
): string | undefined {
  const quoted = goQuote(nodeName);
  if (subresource !== "status") return "may only update PVC status";
  if (operation !== "update" || previous === undefined) return `unexpected operation ${goQuote(operation)}`;
  if (deepEqual(fixedPart(object), fixedPart(previous))) return undefined;
  return `node ${quoted} is not allowed to update fields other than status.quantity and status.conditions`;
}

function fixedPart({ metadata, spec, status }: PersistentVolumeClaim): unknown {
  const { resourceVersion: _, managedFields: __, ...fixedMetadata } = metadata;
  const { phase, accessModes, currentVolumeAttributesClassName, modifyVolumeStatus } = status;
  return { fixedMetadata, spec, status: { phase, accessModes, currentVolumeAttributesClassName, modifyVolumeStatus } };
}

function leaseProblem(nodeName: string, { namespace, name, object }: AdmissionRequest): string | undefined {
  if (namespace !== NODE_LEASE_NAMESPACE) {
    return `can only access leases in the "${NODE_LEASE_NAMESPACE}" system namespace`;
  }
  if ((name || object.metadata.name) === nodeName) return undefined;
  return "can only access node lease with the same name as the requesting node";
}
