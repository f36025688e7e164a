import { parentPort } from "node:worker_threads";
import { jsonText } from "@fairlead/api/codec/json-text";
import { hasPlainNumbers } from "@fairlead/api/codec/parse-json";
import type { Struct } from "@fairlead/api/schema";
import { parseText } from "../parse-text.ts";
import { loadYamlParser } from "../parse-yaml.ts";
import type { ParseResult, ParseTask } from "./parse-messages.ts";
import { thin } from "./thin.ts";

// A thread, since a body of 3 MiB takes up to seconds to parse, and nothing else is answered meanwhile.

const schemas = new Map<number, Struct>();

// Messages wait in the port until there is a listener.
void loadYamlParser().then(() =>
  parentPort?.on("message", (task: ParseTask) => {
    if (task.schema !== undefined) schemas.set(task.schemaId, task.schema);
    parentPort?.postMessage(parsed(task));
  }),
);

function parsed({ format, bytes, schemaId }: ParseTask): ParseResult {
  try {
    const { value, duplicates } = parseText(bytes, format);
    const schema = schemas.get(schemaId);
    const json = jsonText(schema === undefined ? value : thin(schema, value));
    return { json, hasPlainNumbers: hasPlainNumbers(json), duplicates };
  } catch (error) {
    if (error instanceof SyntaxError) return { error: error.message };
    throw error;
  }
}
