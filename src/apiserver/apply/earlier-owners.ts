import type { Kind } from "../../api/kind.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, intersection } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import type { Ownings } from "./managers.ts";
import { withoutStatus, withoutSystemFields } from "./system-fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** Owns what existed before anybody applied. */
const BEFORE_FIRST_APPLY = "before-first-apply";
/** kubectl's own name when it merges on its side. What this owns, kubectl takes over at its first server-side apply. */
const CLIENT_SIDE_APPLY = "kubectl-client-side-apply";
/** Where kubectl, merging on its side, keeps what it applied last. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Who owns an object of which no account has been kept yet: kubectl what it has applied with a merge on its side, and
 * nobody in particular the rest, defaults included.
 */
export function earlierOwners(kind: Kind, live: Json, entry: { readonly time: string; readonly apiVersion: string }) {
  const all = withoutSystemFields(withoutStatus(fieldsOf(kind.schema, live)));
  const applied = intersection(all, clientApplied(kind, live));
  const ownings = (name: string, fields: FieldSet): Ownings => ({
    manager: { name, operation: "Update", apiVersion: entry.apiVersion, subresource: "" },
    time: entry.time,
    fields,
  });
  return [ownings(CLIENT_SIDE_APPLY, applied), ownings(BEFORE_FIRST_APPLY, difference(all, applied))];
}

function clientApplied(kind: Kind, live: Json): FieldSet {
  const metadata = live.metadata as { readonly annotations?: Readonly<Record<string, string>> } | undefined;
  const text = metadata?.annotations?.[LAST_APPLIED];
  const applied = text === undefined ? undefined : jsonObject(text);
  if (applied === undefined) return fieldsOf(kind.schema, {});
  const { metadata: appliedMetadata } = applied as { readonly metadata?: { readonly annotations?: object } };
  const annotations = { ...appliedMetadata?.annotations, [LAST_APPLIED]: "" };
  return fieldsOf(kind.schema, { ...applied, metadata: { ...appliedMetadata, annotations } });
}

/** Anybody may have written the annotation. */
function jsonObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
