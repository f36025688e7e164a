import type { DaemonSet } from "@fairlead/api/apps/v1/daemonset/daemonset";
import { deepEqual } from "@fairlead/api/deep-equal";
import { ownValue } from "@fairlead/api/own-property";
import { parseInt64 } from "@fairlead/lib/int64";
import { withMeta } from "../object-meta.ts";
import type { Strategy } from "../strategy.ts";

/** Counts the versions of the template, for clients of API versions that had a field for it. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** The server counts the versions of the template in an annotation; only when it creates an object, it takes the client's. */
export const daemonSetStrategy: Strategy<DaemonSet> = {
  prepareForCreate: (daemonSet) => ({
    ...withTemplateGeneration(daemonSet, templateGeneration(daemonSet) < 1n ? 1n : templateGeneration(daemonSet)),
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  }),
  prepareForUpdate(daemonSet, previous) {
    const before = templateGeneration(previous);
    const isSame = deepEqual(daemonSet.spec.template, previous.spec.template);
    return withTemplateGeneration(daemonSet, isSame ? before : BigInt.asIntN(64, before + 1n));
  },
  warnings: (_, previous) => (previous === undefined ? [notActedOn("DaemonSet")] : []),
};

/** Warns that an object has no effect yet, as no controller acts on its kind. */
export function notActedOn(kind: string): string {
  return `this server has no controller for ${kind} objects yet: the object is stored, and nothing acts on it`;
}

/** An int64 upstream. */
function templateGeneration({ metadata }: DaemonSet): bigint {
  return parseInt64(ownValue(metadata.annotations, TEMPLATE_GENERATION) ?? "") ?? 0n;
}

function withTemplateGeneration(daemonSet: DaemonSet, generation: bigint): DaemonSet {
  const annotations = { ...daemonSet.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
  return withMeta(daemonSet, { annotations });
}
