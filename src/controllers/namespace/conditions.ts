import type { NamespaceCondition } from "@fairlead/api/core/v1/namespace/namespace";
import { transitionTime } from "@fairlead/api/transition-time";

/** What one pass of emptying a namespace found. */
export interface DeletionReport {
  /** Groups whose resources could not be asked for, with the reason. */
  readonly discoveryFailures: readonly { readonly groupVersion: string; readonly message: string }[];
  /** What went wrong when deleting, one text per resource. */
  readonly contentFailures: readonly string[];
  /** Objects that are left, by resource (`pods.`, `deployments.apps`). */
  readonly remaining: ReadonlyMap<string, number>;
  /** Objects that wait for a finalizer, by its name. */
  readonly finalizers: ReadonlyMap<string, number>;
}

interface Finding {
  readonly type: string;
  readonly failed: { readonly reason: string; readonly message: string } | undefined;
  readonly fine: { readonly reason: string; readonly message: string };
}

/**
 * The conditions of a namespace on its way out, in upstream's words; `undefined` when they say so already.
 *
 * @param now - The time as the API writes it.
 */
export function deletionConditions(
  current: readonly NamespaceCondition[],
  report: DeletionReport,
  now: string,
): readonly NamespaceCondition[] | undefined {
  let changed = false;
  const written = new Map(current.map((condition) => [condition.type, condition]));
  for (const finding of findings(report)) {
    const before = written.get(finding.type);
    const status = finding.failed === undefined ? "False" : "True";
    const said = finding.failed ?? finding.fine;
    if (before?.status === status && before.reason === said.reason && before.message === said.message) continue;
    changed = true;
    const lastTransitionTime = transitionTime(before, status, now);
    written.set(finding.type, { type: finding.type, status, lastTransitionTime, ...said });
  }
  return changed ? [...written.values()] : undefined;
}

function findings(report: DeletionReport): readonly Finding[] {
  return [
    {
      type: "NamespaceDeletionDiscoveryFailure",
      failed: discoveryFailure(report),
      fine: { reason: "ResourcesDiscovered", message: "All resources successfully discovered" },
    },
    {
      type: "NamespaceDeletionGroupVersionParsingFailure",
      failed: undefined,
      fine: { reason: "ParsedGroupVersions", message: "All legacy kube types successfully parsed" },
    },
    {
      type: "NamespaceDeletionContentFailure",
      failed: contentFailure(report),
      fine: { reason: "ContentDeleted", message: "All content successfully deleted, may be waiting on finalization" },
    },
    {
      type: "NamespaceContentRemaining",
      failed: counted(report.remaining, {
        reason: "SomeResourcesRemain",
        intro: "Some resources are remaining",
        item: (resource, count) => `${resource} has ${count} resource instances`,
      }),
      fine: { reason: "ContentRemoved", message: "All content successfully removed" },
    },
    {
      type: "NamespaceFinalizersRemaining",
      failed: counted(report.finalizers, {
        reason: "SomeFinalizersRemain",
        intro: "Some content in the namespace has finalizers remaining",
        item: (finalizer, count) => `${finalizer} in ${count} resource instances`,
      }),
      fine: { reason: "ContentHasNoFinalizers", message: "All content-preserving finalizers finished" },
    },
  ];
}

function discoveryFailure({ discoveryFailures }: DeletionReport): Finding["failed"] {
  if (discoveryFailures.length === 0) return undefined;
  const groups = discoveryFailures.map(({ groupVersion, message }) => `${groupVersion}: ${message}`).sort();
  const what = `unable to retrieve the complete list of server APIs: ${groups.join(", ")}`;
  return {
    reason: "DiscoveryFailed",
    message: `Discovery failed for some groups, ${groups.length} failing: ${what}`,
  };
}

function contentFailure({ contentFailures }: DeletionReport): Finding["failed"] {
  if (contentFailures.length === 0) return undefined;
  const texts = [...contentFailures].sort().join(", ");
  return {
    reason: "ContentDeletionFailed",
    message: `Failed to delete all resource types, ${contentFailures.length} remaining: ${texts}`,
  };
}

function counted(
  counts: ReadonlyMap<string, number>,
  { reason, intro, item }: { reason: string; intro: string; item(name: string, count: number): string },
): Finding["failed"] {
  const items = [...counts].filter(([, count]) => count > 0).map(([name, count]) => item(name, count));
  return items.length === 0 ? undefined : { reason, message: `${intro}: ${items.sort().join(", ")}` };
}
