import type { ObjectMeta } from "./meta/v1/object-meta.ts";

/** What every object of the API has. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/**
 * Names one resource in one version: all that a client needs to read and write its objects.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#standard-api-terminology
 */
export interface ResourceReference<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never present at run time: carries the TypeScript type of the objects. */
  readonly _?: T;
}

/** Returns `v1` for the core group, `apps/v1` for others. */
export function apiVersionOf({ group, version }: Pick<ResourceReference, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Returns `services`, `deployments.apps`: how RBAC and messages name the resource. */
export function groupResourceOf({ group, plural }: Pick<ResourceReference, "group" | "plural">): string {
  return group === "" ? plural : `${plural}.${group}`;
}
