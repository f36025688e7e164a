import type { User } from "../authn/authenticator.ts";

/** What is asked, in RBAC's words. */
export type Attributes = ResourceAttributes | NonResourceAttributes;

/** A request about objects. */
export interface ResourceAttributes {
  readonly type: "resource";
  readonly user: User;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or a special one such as `impersonate`, `bind`, `escalate`. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for cluster-wide requests. */
  readonly namespace: string;
  /**
   * Empty for requests about the whole collection. A list or a watch with the field selector `metadata.name=NAME`
   * is about the object NAME.
   */
  readonly name: string;
  /** Of a list, a watch or a deletecollection, as in the query. Absence means none. */
  readonly fieldSelector?: string;
}

/** A request about a path that leads to no object. */
export interface NonResourceAttributes {
  readonly type: "nonResource";
  readonly user: User;
  /** The HTTP method in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** What an authorizer says. */
export interface Decision {
  /** `noOpinion` lets the next authorizer decide; when none allows, the request is forbidden. */
  readonly verdict: "allow" | "deny" | "noOpinion";
  /** Shown to the user after the standard message. May be empty. */
  readonly reason: string;
}

/** Decides from what it has in memory: it is asked for every request and must not wait for anything. */
export interface Authorizer {
  authorize(attributes: Attributes): Decision;
}
