import { templateWarnings } from "../../../core/v1/pod/warnings/pod-warnings.ts";
import { deepEqual } from "../../../deep-equal.ts";
import type { DaemonSet } from "./daemonset-schema.ts";

/**
 * Returns the warnings of a new or changed template. The name of a DaemonSet has none, unlike that of a Deployment.
 *
 * Source: upstream's pkg/registry/apps/daemonset/strategy.go.
 */
export function daemonSetWarnings(
  { spec }: DaemonSet,
  previous: DaemonSet | undefined,
  subresource: string,
): readonly string[] {
  const stays = previous !== undefined && deepEqual(previous.spec.template, spec.template);
  return subresource !== "" || stays ? [] : templateWarnings(spec.template);
}
