import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import type { Strategy } from "../strategy.ts";

const FINALIZER = "kubernetes";

/** A namespace stays, terminating, until the namespace controller has emptied it and taken away its finalizer. */
export const namespaceStrategy: Strategy<Namespace> = {
  answersDeletedObject: true,

  prepareForCreate(namespace) {
    const finalizers = namespace.spec?.finalizers ?? [];
    return {
      ...namespace,
      spec: { ...namespace.spec, finalizers: finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER] },
      status: { phase: "Active" },
    };
  },

  prepareForUpdate: (namespace, previous) => ({
    ...namespace,
    spec: { ...namespace.spec, finalizers: previous.spec?.finalizers ?? [] },
  }),

  parts: new Map([["finalize", { take: (namespace, previous) => ({ ...namespace, status: previous.status }) }]]),

  markDeleted: (namespace) => ({ ...namespace, status: { ...namespace.status, phase: "Terminating" } }),

  isHeld: (namespace) => (namespace.spec?.finalizers ?? []).length > 0,
};
