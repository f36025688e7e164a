import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { goQuote } from "@fairlead/api/go-quote";
import { groupResourceOf, type KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import type { ObjectLookup } from "./object-lookup.ts";
import { isBelow } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/** Namespaces that the system cannot do without. */
const IMMORTAL: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** How long the cache is not believed that a namespace is active after its deletion was asked for. */
const DISTRUST_MS = 30_000;

/** Objects that NamespaceLifecycle reads. */
export interface NamespaceLifecycleOptions {
  readonly namespaces: ObjectLookup<Namespace>;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/**
 * Refuses writes into namespaces that do not exist, new objects in ones that are ending, and the end of those that
 * the system needs.
 */
export function namespaceLifecycle({ namespaces, clock }: NamespaceLifecycleOptions): AdmissionPlugin {
  /** When the deletion of a namespace was asked for here. */
  const deletions = new Map<string, number>();

  function noteDeletion(name: string): void {
    for (const [other, at] of deletions) if (clock.monotonicMs() - at > DISTRUST_MS) deletions.delete(other);
    deletions.set(name, clock.monotonicMs());
  }

  /** Returns the namespace where the cache can be believed. */
  function knownNamespace(name: string): Namespace | undefined {
    const deletedAt = deletions.get(name);
    const distrusted = deletedAt !== undefined && clock.monotonicMs() - deletedAt <= DISTRUST_MS;
    const cached = namespaces.cached({ name });
    return distrusted && cached !== undefined && !isTerminating(cached) ? undefined : cached;
  }

  return {
    name: "NamespaceLifecycle",

    /** First, so that no client waits for objects of a namespace that does not exist. */
    admit(request) {
      if (!mustBeChecked(request)) return request.object;
      const { namespace: name } = request;
      const known = knownNamespace(name);
      return known === undefined
        ? namespaces.live({ name }).then((namespace) => admittedInto(namespace, request))
        : admittedInto(known, request);
    },

    validate(request) {
      if (!isBelow(request, namespaceKind) || request.operation !== "delete") return;
      if (IMMORTAL.has(request.name)) throw forbidden(request, "this namespace may not be deleted");
      noteDeletion(request.name);
    },
  };
}

function admittedInto(namespace: Namespace | undefined, request: AdmissionRequest): KubeObject {
  if (namespace === undefined) throw noSuchNamespace(request.namespace);
  if (request.operation === "create" && isTerminating(namespace)) throw beingTerminated(request);
  return request.object;
}

/** Reviews of access would reveal by a refusal which namespaces exist. */
function mustBeChecked(request: AdmissionRequest): boolean {
  const { resource, namespace, operation } = request;
  return (
    namespace !== "" &&
    operation !== "delete" &&
    !isBelow(request, namespaceKind) &&
    groupResourceOf(resource) !== "localsubjectaccessreviews.authorization.k8s.io"
  );
}

function isTerminating(namespace: Namespace): boolean {
  return namespace.status.phase === "Terminating" || namespace.metadata.deletionTimestamp !== undefined;
}

function noSuchNamespace(name: string): StatusError {
  return new StatusError("NotFound", `namespaces ${goQuote(name)} not found`, {
    details: { name, kind: namespaceKind.plural },
  });
}

function beingTerminated(request: AdmissionRequest): StatusError {
  const { namespace } = request;
  const refusal = forbidden(
    request,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return new StatusError("Forbidden", refusal.message, { details: { ...refusal.details, causes: [cause] } });
}
