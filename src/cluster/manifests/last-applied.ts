import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { ANNOTATION } from "@fairlead/api/well-known";

/**
 * The object with the annotation in which `kubectl apply` keeps what it was last given.
 *
 * The text is kubectl's to the letter, so that kubectl finds nothing changed: keys in order, Go's escapes of
 * `<`, `>` and `&`, an `annotations` map even when it is empty, and a line feed at the end.
 */
export function withLastApplied(object: Draft<KubeObject>, namespace: string | undefined): Draft<KubeObject> {
  const { [ANNOTATION.lastApplied]: _, ...annotations } = object.metadata?.annotations ?? {};
  const metadata = { ...object.metadata, annotations, ...(namespace !== undefined && { namespace }) };
  const text = `${goJson({ ...object, metadata })}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [ANNOTATION.lastApplied]: text } } };
}

/** As Go's `encoding/json` writes a map: keys in the order of their UTF-8 bytes, and nothing that could end a script element. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escaped(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, inner]) => `${escaped(key)}:${goJson(inner)}`).join(",")}}`;
}

function escaped(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
