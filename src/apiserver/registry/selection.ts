import type { Kind } from "@fairlead/api/kind";
import { parseFieldSelectorFor } from "@fairlead/api/selectors/field-selector";
import { parseLabelSelector } from "@fairlead/api/selectors/parse-label-selector";
import { meetsAll } from "@fairlead/api/selectors/requirement";
import { badRequest } from "./refusals.ts";
import type { StoredObject } from "./stored-object.ts";

/** Which objects of a collection a client asks for. */
export interface Selection {
  /** Whether every object matches, so that none has to be parsed. */
  readonly everything: boolean;
  /** Fields that have to have these values. Not all that is asked for. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Whether it names fields besides those of metadata, which differ between the versions of a resource. */
  readonly isVersioned: boolean;
  matches(stored: StoredObject): boolean;
}

/**
 * Reads `labelSelector` and `fieldSelector`.
 *
 * @param name - Of the one object that is asked for, by a path that names it. Empty: any.
 * @throws {StatusError} `BadRequest` for a selector that cannot be read, or a field that cannot be selected by.
 */
export function selectionOf(kind: Kind, query: URLSearchParams, name = ""): Selection {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  if (labels.error !== undefined) throw badRequest(labels.error);
  const fields = parseFieldSelectorFor(kind, query.get("fieldSelector") ?? "");
  if (fields.error !== undefined) throw badRequest(fields.error);
  const terms = name === "" ? fields.terms : [...fields.terms, { field: "metadata.name", equal: true, value: name }];
  return {
    everything: labels.requirements.length === 0 && terms.length === 0,
    fields: terms.filter(({ equal }) => equal).map(({ field, value }) => ({ name: field, value })),
    isVersioned: terms.some(({ field }) => !field.startsWith("metadata.")),
    matches: (stored) =>
      terms.every(({ field, equal, value }) => ((stored.fields[field] ?? "") === value) === equal) &&
      (labels.requirements.length === 0 || meetsAll(labels.requirements, stored.labels)),
  };
}
