import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import { userNamed } from "../authz/attributes.testing.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import type { ObjectLookup } from "./object-lookup.ts";

export interface RequestParts<T extends KubeObject> {
  readonly kind: Kind<T>;
  readonly object: T;
  readonly previous?: T;
  readonly operation?: AdmissionRequest["operation"];
  readonly subresource?: string;
  readonly user?: User;
}

/** A write of the user alice: a creation, or an update where there is a previous object. */
export function admissionRequest<T extends KubeObject>(parts: RequestParts<T>): AdmissionRequest {
  const { object, previous, operation = previous === undefined ? "create" : "update" } = parts;
  const { kind } = parts;
  const options = { create: "CreateOptions", update: "UpdateOptions", delete: "DeleteOptions" } as const;
  const request: AdmissionRequest<T> = {
    uid: "u",
    resource: kind,
    kind,
    operation,
    subresource: parts.subresource ?? "",
    namespace: object.metadata.namespace ?? "",
    name: object.metadata.name,
    object,
    previous,
    user: parts.user ?? userNamed("alice"),
    options: { kind: options[operation], apiVersion: "meta.k8s.io/v1" },
    dryRun: false,
    warn: () => {},
  };
  // As the registry hands it to plugins, which ask the kind what it is.
  return request as unknown as AdmissionRequest;
}

/** The spec that a plugin makes of a new pod with `spec`, or the words of its refusal. Runs it twice, as its contract allows. */
export async function admittedPod(
  plugin: AdmissionPlugin,
  spec: object,
  metadata: object = {},
): Promise<Pod["spec"] | string> {
  try {
    const once = await plugin.admit?.(admissionRequest({ kind: podKind, object: podOf(spec, metadata) }));
    const twice = await plugin.admit?.(admissionRequest({ kind: podKind, object: once as Pod }));
    await plugin.validate?.(admissionRequest({ kind: podKind, object: twice as Pod }));
    return (twice as Pod).spec;
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

/** A pod `shop/p` with one container. */
export function podOf(spec: object = {}, metadata: object = {}): Pod {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "shop", uid: "", resourceVersion: "", creationTimestamp: "", ...metadata },
    spec: { containers: [{ name: "c" }], ...spec },
    status: {},
  };
  // What is left out is of no interest to admission.
  return pod as unknown as Pod;
}

/** Objects by `namespace/name`, cached and live alike. */
export function lookupOf<T extends KubeObject>(objects: Readonly<Record<string, T>>): ObjectLookup<T> {
  const find = ({ namespace, name }: { readonly namespace?: string | undefined; readonly name: string }) =>
    objects[namespace === undefined ? name : `${namespace}/${name}`];
  return { cached: find, live: async (key) => find(key), find: async (key) => find(key) };
}
