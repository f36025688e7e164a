import { goQuote } from "../go-quote.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../resource-reference.ts";

/** One condition on a field. */
export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** The conditions of a selector's text; or why it is none, in upstream's words. */
export type ParsedFieldSelector =
  | { readonly terms: readonly FieldTerm[]; readonly error?: undefined }
  | { readonly error: string };

/** Parses `spec.nodeName=a,status.phase!=Running`. A backslash takes the meaning from `,`, `=` and itself. Empty text selects everything. */
export function parseFieldSelector(text: string): ParsedFieldSelector {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text)) {
    if (part === "") continue;
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
    if (match === null) return { error: `invalid selector: '${text}'; can't understand '${part}'` };
    const [, field = "", operator, escaped = ""] = match;
    const unescaped = unescapeValue(escaped);
    if (unescaped.error !== undefined) return unescaped;
    terms.push({ field, equal: operator !== "!=", value: unescaped.value });
  }
  return { terms };
}

/**
 * Parses a field selector for one kind: refuses fields by which its objects cannot be selected.
 *
 * The words are upstream's, which differ between kinds with fields of their own and kinds without.
 */
export function parseFieldSelectorFor(kind: Kind, text: string): ParsedFieldSelector {
  const parsed = parseFieldSelector(text);
  if (parsed.error !== undefined) return parsed;
  const own = kind.selectableFields;
  const unknown = parsed.terms.find(({ field }) => !METADATA_FIELDS.has(field) && !Object.hasOwn(own, field));
  if (unknown === undefined) return parsed;
  if (Object.keys(own).length > 0) return { error: `field label not supported: ${unknown.field}` };
  return {
    error: `${goQuote(unknown.field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  };
}

/** Whether the object's fields meet all conditions. A field without a value counts as empty text. */
export function fieldsMatch(kind: Kind, terms: readonly FieldTerm[], object: KubeObject): boolean {
  if (terms.length === 0) return true;
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": object.metadata.name,
    "metadata.namespace": object.metadata.namespace ?? "",
    ...selectableValues(kind, object),
  };
  return terms.every(({ field, equal, value }) => ((fields[field] ?? "") === value) === equal);
}

/** Returns the values of the fields that a kind declares as selectable. */
export function selectableValues<T extends KubeObject>(kind: Kind<T>, object: T): Readonly<Record<string, string>> {
  const fields = Object.entries(kind.selectableFields);
  return Object.fromEntries(fields.map(([name, read]) => [name, read(object)]));
}

const METADATA_FIELDS: ReadonlySet<string> = new Set(["metadata.name", "metadata.namespace"]);

/** Splits at the commas that no backslash stands before. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\[\s\S]|[^,\\])+/g) ?? [];
}

function unescapeValue(text: string): { value: string; error?: undefined } | { error: string } {
  let value = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "=" || char === ",") {
      return { error: `invalid field selector: unescaped character in value: ${char.codePointAt(0)}` };
    }
    if (char !== "\\") {
      value += char;
      continue;
    }
    at++;
    const escaped = text[at] ?? "";
    if (escaped === "" || !"\\,=".includes(escaped)) {
      return { error: `invalid field selector: invalid escape sequence: \\${escaped}` };
    }
    value += escaped;
  }
  return { value };
}
