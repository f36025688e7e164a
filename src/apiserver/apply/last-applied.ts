import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { Kind } from "@fairlead/api/kind";
import { annotationsFit } from "@fairlead/api/meta/v1/validate-object-meta";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { ANNOTATION } from "@fairlead/api/well-known";
import { compareObjects } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, emptySet } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import { isObject } from "./schema-steps.ts";

type Json = Readonly<Record<string, unknown>>;

/** The only manager for which the annotation counts: kubectl's default name for server-side apply. */
export const KUBECTL = "kubectl";

/**
 * Returns the fields that kubectl owns by its annotation: it may take them over without a conflict when it changes from
 * client-side to server-side apply. Fields that differ from the live object are not among them.
 */
export function lastAppliedFields(kind: Kind, live: Json): FieldSet {
  const applied = jsonObject(lastAppliedOf(live));
  if (applied === undefined || applied.apiVersion !== apiVersionOf(kind)) return emptySet;
  const { changed, removed } = compareObjects(kind.schema, applied, live);
  return difference(difference(fieldsOf(kind.schema, applied), changed), removed);
}

/** Returns the object with kubectl's annotation, where it has one, set to what is applied now. */
export function withLastApplied(object: Json, applied: Json): Json {
  if (lastAppliedOf(object) === "") return object;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { [ANNOTATION.lastApplied]: _, ...others } = annotationsOf(object);
  const annotations = {
    ...others,
    [ANNOTATION.lastApplied]: `${JSON.stringify(sorted(withoutLastApplied(applied)))}\n`,
  };
  // Like upstream: an annotation that has become too large is dropped.
  return { ...object, metadata: { ...metadata, annotations: annotationsFit(annotations) ? annotations : others } };
}

/** The value with the keys of its objects sorted, as Go's encoder writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutLastApplied(applied: Json): Json {
  if (!isObject(applied.metadata) || !isObject(applied.metadata.annotations)) return applied;
  const { [ANNOTATION.lastApplied]: _, ...annotations } = applied.metadata.annotations;
  return { ...applied, metadata: { ...applied.metadata, annotations } };
}

function lastAppliedOf(object: Json): string {
  const annotations = annotationsOf(object);
  return Object.hasOwn(annotations, ANNOTATION.lastApplied) ? (annotations[ANNOTATION.lastApplied] ?? "") : "";
}

/** The annotations of a live object: texts, as its schema says. */
function annotationsOf({ metadata }: Json): Readonly<Record<string, string>> {
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return isObject(annotations) ? (annotations as Readonly<Record<string, string>>) : {};
}

/** Clients may write any text into the annotation. */
function jsonObject(text: string): Json | undefined {
  try {
    const value: unknown = parseApiJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
