import { setImmediate as turn } from "node:timers/promises";
import { envelopeAround } from "@fairlead/api/codec/protobuf/encode-envelope";
import { encodeItems, encodeMessage } from "@fairlead/api/codec/protobuf/encode-message";
import { listMetaSchema } from "@fairlead/api/meta/v1/list-meta";
import { field, struct } from "@fairlead/api/schema";
import type { ReusingBody } from "../../http/response.ts";
import type { StoredObject } from "../../registry/stored-object.ts";
import type { ListMeta } from "../object-writer.ts";
import { createReusedMemory, type ReusedMemory } from "../reused-memory.ts";
import type { EncodedItems } from "./encoded-items.ts";
import type { ProtobufForm } from "./protobuf-form.ts";

/** Objects that are encoded in one turn. Between two turns other requests are served. */
const OBJECTS_PER_TURN = 50;
/** Kept items that are found in the time in which one object is encoded, roughly. */
const KEPT_PER_OBJECT = 10;
/** Kept items are copied into pieces of about this size. */
const PIECE_BYTES = 64 * 1024;

/** What every list begins with. Its items have number 2. */
const listSchema = struct("List", "", { metadata: field(1, listMetaSchema, "") });
const ITEMS = 2;

/** A list to write. */
export interface Listed {
  readonly items: readonly StoredObject[];
  readonly meta: ListMeta;
}

/** Writes a list. The envelope begins with the length of all items: they are encoded before the first byte leaves. */
export async function* newListBody(form: ProtobufForm, listed: Listed): AsyncGenerator<Uint8Array> {
  const { items } = listed;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < items.length; at += OBJECTS_PER_TURN) {
    if (at > 0) await turn();
    const objects = items.slice(at, at + OBJECTS_PER_TURN).map(({ object }) => object);
    pieces.push(encodeItems(ITEMS, form.schema, objects));
  }
  yield* enveloped(form, listed, pieces);
}

/** Writes a list and keeps its items. Those of objects that have not changed since another list are copied, once, into each piece. */
export function keptListBody(form: ProtobufForm, listed: Listed, encoded: EncodedItems): ReusingBody {
  const memory = createReusedMemory();
  return { [Symbol.asyncIterator]: () => keptPieces(form, listed, { encoded, memory }), giveBack: memory.giveBack };
}

interface Kept {
  readonly encoded: EncodedItems;
  readonly memory: ReusedMemory;
}

async function* keptPieces(form: ProtobufForm, listed: Listed, { encoded, memory }: Kept): AsyncGenerator<Uint8Array> {
  const { schema, type, sharedAs } = form;
  const name = `${type.apiVersion} ${type.kind} ${sharedAs}`;
  let work = 0;
  const items: Uint8Array[] = [];
  for (const stored of listed.items) {
    const encode = () => {
      work += KEPT_PER_OBJECT;
      // In memory of its own: a part of Node's pool would keep all of that.
      return new Uint8Array(encodeItems(ITEMS, schema, [stored.object]));
    };
    items.push(encoded.itemOf(stored, name, encode));
    work++;
    if (work < OBJECTS_PER_TURN * KEPT_PER_OBJECT) continue;
    await turn();
    work = 0;
  }
  yield* joined(enveloped(form, listed, items), memory);
}

/** Returns everything of a list, in order. */
function enveloped({ listType }: ProtobufForm, { meta }: Listed, items: readonly Uint8Array[]): readonly Uint8Array[] {
  const head = encodeMessage(listSchema, { metadata: meta });
  const byteLength = items.reduce((sum, item) => sum + item.byteLength, head.byteLength);
  const { before, behind } = envelopeAround(listType, byteLength);
  return [before, head, ...items, behind];
}

/** Copies pieces into larger ones. */
function* joined(pieces: readonly Uint8Array[], memory: ReusedMemory): Iterable<Uint8Array> {
  let next: Uint8Array[] = [];
  let byteLength = 0;
  for (const piece of pieces) {
    next.push(piece);
    byteLength += piece.byteLength;
    if (byteLength < PIECE_BYTES) continue;
    yield copied(next, byteLength, memory);
    next = [];
    byteLength = 0;
  }
  if (byteLength > 0) yield copied(next, byteLength, memory);
}

function copied(pieces: readonly Uint8Array[], byteLength: number, memory: ReusedMemory): Uint8Array {
  const out = memory.take(byteLength);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.byteLength;
  }
  return out.subarray(0, byteLength);
}
