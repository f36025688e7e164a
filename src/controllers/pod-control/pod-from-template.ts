import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodTemplateSpec } from "@fairlead/api/core/v1/pod/pod-template";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
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
