import { setImmediate as turn } from "node:timers/promises";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { ObjectWriter } from "../object-writer.ts";
import { yamlOf } from "./yaml.ts";

export const YAML_TYPE = "application/yaml";
/** Lists are written in steps of about this many objects; between two of them other requests get their turn. */
const OBJECTS_PER_TURN = 50;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Writes as YAML what another writer writes as JSON. */
export function yamlWriter(json: ObjectWriter): ObjectWriter {
  return {
    mediaType: YAML_TYPE,
    object: (stored) => encoder.encode(yamlOf(parseApiJson(decoder.decode(json.object(stored))))),
    async *list(items, meta) {
      const pieces: Uint8Array[] = [];
      for await (const piece of json.list(items, meta)) pieces.push(piece);
      for await (const text of listText(parseApiJson(Buffer.concat(pieces).toString()))) yield encoder.encode(text);
    },
    events() {
      throw new Error("A watch in YAML");
    },
  };
}

/** Writes a large list step by step. */
async function* listText(list: unknown): AsyncIterable<string> {
  const { items, ...rest } = list as { readonly items?: readonly unknown[] };
  if (items === undefined || items.length <= OBJECTS_PER_TURN) {
    yield yamlOf(list);
    return;
  }
  yield `${yamlOf(rest)}items:\n`;
  for (let at = 0; at < items.length; at += OBJECTS_PER_TURN) {
    yield yamlOf(items.slice(at, at + OBJECTS_PER_TURN));
    await turn();
  }
}
