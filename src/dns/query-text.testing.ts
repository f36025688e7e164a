import { encodeQuery } from "./wire/encode-message.ts";
import { recordTypes } from "./wire/message.ts";

/** Returns the query for `TYPE name`; a type without a name of its own is `TYPE65`. */
export function queryOf(ask: string, id = 77): Uint8Array {
  const [type = "", name = ""] = ask.split(" ");
  return encodeQuery(id, { name, type: typeOf(type), class: 1 });
}

function typeOf(text: string): number {
  return recordTypes[text as keyof typeof recordTypes] ?? Number(text.replace("TYPE", ""));
}
