import { WireWriter } from "@fairlead/api/codec/protobuf/write-wire";
import type { EventType } from "../object-writer.ts";

/** A frame begins with the length of its event, in big-endian order. */
const LENGTH_BYTES = 4;

/**
 * Returns one event of a watch, `meta.v1` WatchEvent, behind its length. As upstream, the event has no envelope, and the object
 * inside it has one.
 */
export function eventFrame(type: EventType | "BOOKMARK" | "ERROR", envelope: Uint8Array): Uint8Array {
  const event = new WireWriter();
  event.bytes(1, envelope);
  event.delimit(2, 0);
  event.text(1, type);
  // In memory of its own: a part of Node's pool would keep all of that for as long as the frame is kept.
  const frame = new Uint8Array(LENGTH_BYTES + event.byteLength);
  new DataView(frame.buffer).setUint32(0, event.byteLength);
  frame.set(event.finish(), LENGTH_BYTES);
  return frame;
}
