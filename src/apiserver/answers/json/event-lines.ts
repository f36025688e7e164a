import type { EventType } from "../object-writer.ts";

const encoder = new TextEncoder();
const HEADS = {
  ADDED: encoder.encode('{"type":"ADDED","object":'),
  MODIFIED: encoder.encode('{"type":"MODIFIED","object":'),
  DELETED: encoder.encode('{"type":"DELETED","object":'),
} as const;
const TAIL = encoder.encode("}\n");

/** One line of a watch, in memory of its own: a part of Node's pool would keep 64 KiB for as long as the line is kept. */
export function eventLine(type: EventType, object: Uint8Array): Uint8Array {
  const head = HEADS[type];
  const line = new Uint8Array(head.byteLength + object.byteLength + TAIL.byteLength);
  line.set(head);
  line.set(object, head.byteLength);
  line.set(TAIL, head.byteLength + object.byteLength);
  return line;
}

/** One line of a watch whose object is text. */
export function textLine(type: "BOOKMARK" | "ERROR", object: string): Uint8Array {
  return encoder.encode(`{"type":"${type}","object":${object}}\n`);
}
