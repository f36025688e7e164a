import { setImmediate as turn } from "node:timers/promises";
import { encodeEnvelope, envelopeAround } from "@fairlead/api/codec/protobuf/encode-envelope";
import { encodeItems, encodeMessage } from "@fairlead/api/codec/protobuf/encode-message";
import { listMetaSchema } from "@fairlead/api/meta/v1/list-meta";
import { statusSchema } from "@fairlead/api/meta/v1/status";
import { field, struct } from "@fairlead/api/schema";
import type { StoredObject } from "../../registry/stored-object.ts";
import { bookmarkMetadata, type ListMeta, type ObjectWriter } from "../object-writer.ts";
import type { EncodedItems } from "./encoded-items.ts";
import { eventFrame } from "./event-frame.ts";
import type { ProtobufForm } from "./protobuf-form.ts";

export const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";
/** Lists are written in steps of this many objects; between two of them other requests get their turn. */
const OBJECTS_PER_TURN = 50;

/** What every list begins with. Its items have number 2. */
const listSchema = struct("List", "", { metadata: field(1, listMetaSchema, "") });
const ITEMS = 2;

/** Writes protobuf: each object in an envelope that names its kind, a list in one envelope. */
export function protobufWriter(form: ProtobufForm, encoded: EncodedItems): ObjectWriter {
  const { type, schema } = form;
  return {
    mediaType: PROTOBUF_TYPE,
    object: ({ object }) => encodeEnvelope(type, schema, object),
    list: (items, meta) => listBody(form, { items, meta, encoded }),
    events: () => ({
      mediaType: `${PROTOBUF_TYPE};stream=watch`,
      sharedAs: form.sharedAs,
      event: (eventType, { object }) => eventFrame(eventType, encodeEnvelope(type, schema, object)),
      bookmark: (...bookmark) =>
        eventFrame("BOOKMARK", encodeEnvelope(type, schema, { metadata: bookmarkMetadata(...bookmark) })),
      error: (status) => eventFrame("ERROR", encodeEnvelope(status, statusSchema, status)),
    }),
  };
}

interface Listed {
  readonly items: readonly StoredObject[];
  readonly meta: ListMeta;
  readonly encoded: EncodedItems;
}

/** Writes a list. The envelope begins with the length of all items: they are written before the first byte leaves. */
async function* listBody(form: ProtobufForm, { items, meta, encoded }: Listed): AsyncIterable<Uint8Array> {
  const { listType } = form;
  const write = encoded.areWorthKeeping(items) ? keptItems(form, encoded) : newItems(form);
  const pieces = [encodeMessage(listSchema, { metadata: meta })];
  for (let at = 0; at < items.length; at += OBJECTS_PER_TURN) {
    if (at > 0) await turn();
    pieces.push(write(items.slice(at, at + OBJECTS_PER_TURN)));
  }
  const byteLength = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const { before, behind } = envelopeAround(listType, byteLength);
  yield before;
  yield* pieces;
  yield behind;
}

function newItems({ schema }: ProtobufForm): (objects: readonly StoredObject[]) => Uint8Array {
  return (objects) =>
    encodeItems(
      ITEMS,
      schema,
      objects.map(({ object }) => object),
    );
}

/** Copies the items of objects that have not changed since a list had them. */
function keptItems(
  { schema, type, sharedAs }: ProtobufForm,
  encoded: EncodedItems,
): (objects: readonly StoredObject[]) => Uint8Array {
  const name = `${type.apiVersion} ${type.kind} ${sharedAs}`;
  // In memory of its own: a part of Node's pool would keep all of that.
  const encode = ({ object }: StoredObject) => new Uint8Array(encodeItems(ITEMS, schema, [object]));
  return (objects) => Buffer.concat(objects.map((stored) => encoded.itemOf(stored, name, () => encode(stored))));
}
