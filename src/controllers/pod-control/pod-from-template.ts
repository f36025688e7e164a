import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { PodTemplateSpec } from "../../api/core/v1/pod/pod-template.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import type { Draft } from "../../api/schema.ts";
import { controllerReference } from "../ownership/claim.ts";

/** A pod as the template of its owner has it. The API server makes up the rest of its name. */
export function podFromTemplate(owner: KubeObject, { metadata, spec }: PodTemplateSpec): Draft<Pod> {
  const { labels, annotations, finalizers } = metadata;
  return {
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  };
}
