import { parseJson } from "@fairlead/api/codec/parse-json";
import type { DecodedBody } from "./body.ts";
import type { BodyFormat } from "./large-body/parse-messages.ts";
import { parseYaml } from "./parse-yaml.ts";

/** As Go's decoder, JSON is read with a replacement character for bytes that are no UTF-8. A byte order mark is no JSON. */
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true });

/** How {@link parseText} reads a body. */
export interface TextForms {
  /** Whether `1.0` in JSON is as good as `1`, as in YAML: upstream reads some bodies without their types. Default: no. */
  readonly untyped?: boolean;
}

/** Parses the bytes of a body. @throws SyntaxError for what is not of the format, in upstream's words. */
export function parseText(bytes: Uint8Array, format: BodyFormat, { untyped = false }: TextForms = {}): DecodedBody {
  return format === "json" ? parseJson(lenient.decode(bytes), { keepsNotation: !untyped }) : parseYaml(yamlText(bytes));
}

function yamlText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new SyntaxError("yaml: invalid leading UTF-8 octet");
    throw error;
  }
}
