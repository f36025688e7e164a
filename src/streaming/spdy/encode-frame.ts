import { controlType, type Frame, PAYLOAD_MAX_BYTES } from "./frame.ts";
import type { HeaderCompressor } from "./header-block.ts";

const FIN = 0x01;
const UNIDIRECTIONAL = 0x02;
const VERSION = 3;

/**
 * The bytes of one frame. Frames with headers must be sent in the order they were encoded in: `compress` has a state.
 *
 * @throws RangeError when the payload does not fit into one frame.
 */
export function encodeFrame(frame: Frame, compress: HeaderCompressor): Uint8Array {
  switch (frame.type) {
    case "synStream": {
      const flags = (frame.fin ? FIN : 0) | (frame.unidirectional ? UNIDIRECTIONAL : 0);
      // Associated stream 0, priority 0 (the highest), slot 0.
      return control(controlType.synStream, flags, [frame.streamId, 0], Uint8Array.of(0, 0), compress(frame.headers));
    }
    case "synReply":
      return control(controlType.synReply, frame.fin ? FIN : 0, [frame.streamId], compress(frame.headers));
    case "headers":
      return control(controlType.headers, frame.fin ? FIN : 0, [frame.streamId], compress(frame.headers));
    case "rstStream":
      return control(controlType.rstStream, 0, [frame.streamId, frame.status]);
    case "settings":
      return control(controlType.settings, 0, [0]);
    case "ping":
      return control(controlType.ping, 0, [frame.id]);
    case "goaway":
      return control(controlType.goaway, 0, [frame.lastGoodStreamId, frame.status]);
    case "windowUpdate":
      return control(controlType.windowUpdate, 0, [frame.streamId, frame.deltaBytes]);
    case "data":
      return withHeader(frame.streamId, frame.fin ? FIN : 0, [frame.data]);
  }
}

function control(type: number, flags: number, numbers: readonly number[], ...rest: Uint8Array[]): Uint8Array {
  const fixed = new Uint8Array(numbers.length * 4);
  const view = new DataView(fixed.buffer);
  numbers.forEach((number, i) => {
    view.setUint32(i * 4, number);
  });
  return withHeader(((0x8000 | VERSION) * 0x1_00_00 + type) >>> 0, flags, [fixed, ...rest]);
}

function withHeader(firstWord: number, flags: number, payload: readonly Uint8Array[]): Uint8Array {
  const length = payload.reduce((sum, part) => sum + part.length, 0);
  if (length > PAYLOAD_MAX_BYTES) throw new RangeError(`Cannot send a frame of ${length} bytes: the most is 16777215`);
  const bytes = new Uint8Array(8 + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, firstWord);
  view.setUint32(4, flags * 0x1_00_00_00 + length);
  let at = 8;
  for (const part of payload) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
