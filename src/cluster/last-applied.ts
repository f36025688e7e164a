import type { KubeObject } from "../api/kind.ts";
import type { Draft } from "../api/schema.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The object with the annotation in which `kubectl apply` keeps what it was last given.
 *
 * The text is kubectl's to the letter, so that kubectl finds nothing changed: keys in order, Go's escapes of
 * `<`, `>` and `&`, an `annotations` map even when it is empty, and a line feed at the end.
 */
export function withLastApplied(object: Draft<KubeObject>, namespace: string | undefined): Draft<KubeObject> {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {};
  const metadata = { ...object.metadata, annotations, ...(namespace !== undefined && { namespace }) };
  const text = `${goJson({ ...object, metadata })}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function goJson(value: unknown): string {
  const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(sorted(value)).replaceAll(/[<>&]/g, (c) => escapes[c] ?? c);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
