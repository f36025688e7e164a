import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { User } from "../authn/authenticator.ts";
import type { Warn } from "../http/warnings.ts";

/** What admission sees of every request, after authorization and decoding; upstream's `admission.Attributes`. */
interface Attributes {
  /** Names this request to plugins outside the server. */
  readonly uid: string;
  /** The resource, in the version that the path names. */
  readonly resource: Pick<Kind, "group" | "version" | "plural">;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** The kind of `object`, in the version that the client speaks: the resource's, or a subresource's such as Scale or Binding. */
  readonly kind: Pick<Kind, "group" | "version" | "kind">;
  /** Empty for kinds without one. */
  readonly namespace: string;
  /** Empty while the server has not generated it. */
  readonly name: string;
  readonly user: User;
  readonly warn: Warn;
}

/** A write on its way to the store. */
export interface AdmissionRequest<T extends KubeObject = KubeObject> extends Attributes {
  readonly operation: "create" | "update" | "delete";
  /**
   * What the client wants, with defaults, in the storage version. A new object has no uid, time or generated name yet, and still what its
   * strategy takes away, such as a `status`. In `validate` what would be stored. On a delete what is stored.
   */
  readonly object: T;
  /** What is stored, on an update and a delete. */
  readonly previous: T | undefined;
  readonly options: AdmissionOptions;
  readonly dryRun: boolean;
}

/** `meta.k8s.io/v1` options as the client gave them. A patch has those of the update, or of the creation, that it becomes. */
export interface AdmissionOptions {
  readonly kind: "CreateOptions" | "UpdateOptions" | "DeleteOptions";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly [option: string]: unknown;
}

/** A connection to a pod, a Service or a node. */
export interface ConnectRequest extends Attributes {
  readonly operation: "connect";
  /** What the query says: PodExecOptions, ServiceProxyOptions, ... */
  readonly object: ConnectOptions;
}

/** Options of a connection, with their kind. */
export interface ConnectOptions {
  readonly kind: string;
  readonly apiVersion: string;
  readonly [option: string]: unknown;
}

/** Looks at writes and connections: changes them, refuses them, or lets them through. */
export interface AdmissionPlugin {
  /** Upstream's name, for example `NamespaceLifecycle`. */
  readonly name: string;
  /**
   * Returns the object to go on with; on a delete the one that it was given. Throws {@link StatusError} to refuse. Must give the same result
   * when run twice.
   */
  admit?(request: AdmissionRequest): Promise<KubeObject> | KubeObject;
  /** Runs after every plugin's `admit` and after validation. Throws {@link StatusError} to refuse. */
  validate?(request: AdmissionRequest): Promise<void> | void;
  /** Throws {@link StatusError} to refuse a connection. */
  connect?(request: ConnectRequest): Promise<void> | void;
}
