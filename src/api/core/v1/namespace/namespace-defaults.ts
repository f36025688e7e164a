import type { Namespace } from "./namespace-schema.ts";

/** The label by which selectors find a namespace by its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Adds the label of the name. */
export function withNamespaceDefaults(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  // A generated name does not exist yet.
  if ((metadata.name ?? "") === "" || metadata.labels?.[NAME_LABEL] === metadata.name) return namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } };
}
