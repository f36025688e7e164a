import { encodeEnvelope } from "@fairlead/api/codec/protobuf/encode-envelope";
import { statusSchema } from "@fairlead/api/meta/v1/status";
import { bookmarkMetadata, type ObjectWriter } from "../object-writer.ts";
import type { EncodedItems } from "./encoded-items.ts";
import { eventFrame } from "./event-frame.ts";
import { keptListBody, newListBody } from "./list-body.ts";
import type { ProtobufForm } from "./protobuf-form.ts";

export const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";

/** Writes protobuf: each object in an envelope that names its kind, a list in one envelope. */
export function protobufWriter(form: ProtobufForm, encoded: EncodedItems): ObjectWriter {
  const { type, schema } = form;
  return {
    mediaType: PROTOBUF_TYPE,
    object: ({ object }) => encodeEnvelope(type, schema, object),
    list(items, meta) {
      const listed = { items, meta };
      return encoded.areWorthKeeping(items) ? keptListBody(form, listed, encoded) : newListBody(form, listed);
    },
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
