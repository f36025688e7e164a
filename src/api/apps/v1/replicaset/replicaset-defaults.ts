import { withPodTemplateDefaults } from "../../../core/v1/pod/pod-template-defaults.ts";
import type { ReplicaSet } from "./replicaset-schema.ts";

/** Fills in what a ReplicaSet leaves open. */
export function withReplicaSetDefaults({ spec, ...rest }: ReplicaSet): ReplicaSet {
  return { ...rest, spec: { ...spec, template: withPodTemplateDefaults(spec.template) } };
}
