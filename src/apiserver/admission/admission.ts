import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import type { User } from "../authn/authenticator.ts";

/** One write on its way to the store, after authorization and decoding, before validation. */
export interface AdmissionRequest<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  readonly operation: "create" | "update" | "delete";
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What would be stored. On a delete, what is stored. */
  readonly object: T;
  /** What is stored, on an update. */
  readonly previous: T | undefined;
  readonly user: User;
  readonly dryRun: boolean;
}

/** Looks at writes: changes them, refuses them, or lets them through. */
export interface AdmissionPlugin {
  /** Upstream's name, for example `NamespaceLifecycle`. */
  readonly name: string;
  /** Answers the object to go on with. Throws {@link StatusError} to refuse. Must give the same result when run twice. */
  admit?(request: AdmissionRequest): Promise<KubeObject> | KubeObject;
  /** Runs after every plugin's `admit`. Throws {@link StatusError} to refuse. */
  validate?(request: AdmissionRequest): Promise<void> | void;
}
