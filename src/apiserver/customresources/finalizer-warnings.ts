import { goQuote } from "@fairlead/api/go-quote";
import { labelKeyProblems } from "@fairlead/api/names";
import type { KubeObject } from "@fairlead/api/resource-reference";

const STANDARD: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion", "kubernetes"]);
const ADVICE = "to avoid accidental conflicts with other finalizer writers";

/** Returns warnings about the names of finalizers that a custom resource did not have before. */
export function finalizerWarnings({ metadata }: KubeObject, previous: KubeObject | undefined): readonly string[] {
  const before = new Set(previous?.metadata.finalizers);
  const added = [...new Set(metadata.finalizers)].filter((finalizer) => !before.has(finalizer)).sort();
  return added.flatMap(warningsAbout);
}

function warningsAbout(finalizer: string): readonly string[] {
  const about = `metadata.finalizers: ${goQuote(finalizer)}: `;
  const problems = labelKeyProblems(finalizer).map((problem) => about + problem);
  if (finalizer.includes("/") || STANDARD.has(finalizer)) return problems;
  const form = finalizer.includes(".") ? "name including a path (/)" : "name";
  return [...problems, `${about}prefer a domain-qualified finalizer ${form} ${ADVICE}`];
}
