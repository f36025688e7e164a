import { goQuote } from "../../../go-quote.ts";
import type { Namespace } from "./namespace-schema.ts";

const MODES = ["enforce", "audit", "warn"] as const;

/**
 * Returns the warnings of a Namespace: the labels of Pod Security admission, which nothing acts on yet. Only labels that the
 * write sets are named, and not `privileged`, under which upstream checks nothing either.
 */
export function namespaceWarnings({ metadata }: Namespace, previous: Namespace | undefined): readonly string[] {
  return MODES.flatMap((mode) => {
    const key = `pod-security.kubernetes.io/${mode}`;
    const level = metadata.labels?.[key];
    if (level === undefined || level === "privileged" || level === previous?.metadata.labels?.[key]) return [];
    const text = `Pod Security admission is not supported yet: no pod is checked against level ${goQuote(level)}`;
    return [`metadata.labels[${key}]: ${text}`];
  });
}
