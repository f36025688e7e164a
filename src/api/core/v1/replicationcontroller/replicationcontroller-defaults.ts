import { withPodTemplateDefaults } from "../pod/pod-template-defaults.ts";
import type { ReplicationController } from "./replicationcontroller-schema.ts";

/** Fills in what a ReplicationController leaves open: its selector and its own labels are those of its template. */
export function withReplicationControllerDefaults(controller: ReplicationController): ReplicationController {
  const { metadata, spec } = controller;
  if (spec.template === undefined) return controller;
  const template = withPodTemplateDefaults(spec.template);
  const { labels } = template.metadata;
  if (labels === undefined) return { ...controller, spec: { ...spec, template } };
  return {
    ...controller,
    metadata: isEmpty(metadata.labels) ? { ...metadata, labels } : metadata,
    spec: { ...spec, template, selector: isEmpty(spec.selector) ? labels : spec.selector },
  };
}

function isEmpty(labels: Readonly<Record<string, string>> | undefined): boolean {
  return Object.keys(labels ?? {}).length === 0;
}
