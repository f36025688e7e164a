import { ownValue } from "../own-property.ts";
import type { JsonSchema } from "./json-schema.ts";

/** A field that a path leads to. */
export interface FieldAt {
  /** As in messages: `spec.parts[name]`. */
  readonly path: string;
  /** Its names from the root on. */
  readonly names: readonly string[];
  /** Absent where a map allows any value. */
  readonly schema: JsonSchema | undefined;
}

/**
 * Follows a path of fields and keys through a schema: `.spec.color`, `.spec['a.b']`.
 *
 * @param allowsKeys - Whether keys may stand in brackets. Default true.
 * Source: `ValidFieldPath` of upstream's pkg/apiserver/schema/cel/validation.go.
 */
export function fieldAt(schema: JsonSchema, path: string, allowsKeys = true): FieldAt | { readonly error: string } {
  const tokens = tokensOf(path);
  const names: string[] = [];
  let at = "";
  let current: JsonSchema | undefined = schema;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token !== "[" && token !== ".") return { error: `expected [ or . but got: ${token}` };
    if (token === "[" && !allowsKeys) return { error: "array notation is not allowed" };
    index++;
    const text = tokens[index];
    if (text === undefined) return { error: "unexpected end of JSON path" };
    const name = token === "." ? text : unquoted(text);
    if (typeof name !== "string") return name;
    const step = stepInto(current, name);
    if (step === undefined) return { error: "does not refer to a valid field" };
    current = step.schema;
    names.push(name);
    at = step.isNamed ? (at === "" ? name : `${at}.${name}`) : `${at}[${name}]`;
    if (token === ".") continue;
    index++;
    if (tokens[index] === undefined) return { error: "unexpected end of JSON path" };
    if (tokens[index] !== "]") return { error: `expected ] but got ${tokens[index]}` };
  }
  return { path: at, names, schema: current };
}

function stepInto(schema: JsonSchema | undefined, name: string) {
  if (schema?.properties !== undefined) {
    const property = ownValue(schema.properties, name);
    return property === undefined ? undefined : { schema: property, isNamed: true };
  }
  const { additionalProperties } = schema ?? {};
  if (additionalProperties === undefined) return undefined;
  return { schema: typeof additionalProperties === "object" ? additionalProperties : undefined, isNamed: false };
}

/** Dots, brackets, and what stands between them; a text in single quotes is one token. */
function tokensOf(path: string): readonly string[] {
  return path.match(/[.[\]]|'(?:[^'\\]|\\.)*'?|[^.[\]']+[^.[\]]*/gs) ?? [];
}

function unquoted(text: string): string | { readonly error: string } {
  if (text.length < 2 || !text.startsWith("'") || !text.endsWith("'")) {
    return { error: `expected single quoted string but got ${text}` };
  }
  const inner = text.slice(1, -1);
  const wrong = [...inner.matchAll(/\\./gs)].find(([escaped]) => !Object.hasOwn(ESCAPES, escaped));
  if (wrong !== undefined) return { error: `invalid string literal: invalid escape char ${wrong[0]}` };
  return inner.replace(/\\./gs, (escaped) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\a": "\u0007",
  "\\b": "\b",
  "\\f": "\f",
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\v": "\v",
  "\\'": "'",
  "\\\\": "\\",
};
