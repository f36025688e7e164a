import { parseJson } from "@fairlead/api/codec/parse-json";
import type { DecodedBody } from "./body.ts";

/** Parses what is no JSON, once {@link loadYamlParser} was called. */
let parseDocument: ((text: string) => DecodedBody) | undefined;

/** Loads the parser that {@link parseYaml} needs: not at the start of a program, since most clients send JSON. */
export async function loadYamlParser(): Promise<void> {
  parseDocument ??= (await import("./parse-yaml-document.ts")).parseYamlDocument;
}

/**
 * Parses a YAML document, in time that grows with its size, and names the lines of keys that occur twice.
 *
 * @throws SyntaxError for text that is not YAML, has aliases that multiply its size, or is nested too deep.
 */
export function parseYaml(text: string): DecodedBody {
  // JSON is YAML, and most clients that say YAML send JSON.
  return text.trimStart().startsWith("{") ? parseJsonFirst(text) : parseNotJson(text);
}

function parseJsonFirst(text: string): DecodedBody {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return parseNotJson(text);
    throw error;
  }
}

function parseNotJson(text: string): DecodedBody {
  if (parseDocument === undefined) throw new Error("The YAML parser was not loaded");
  return parseDocument(text);
}
