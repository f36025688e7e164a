import { controlType, type Frame } from "./frame.ts";
import type { HeaderDecompressor } from "./header-block.ts";
import { ProtocolError } from "./protocol-error.ts";

const FIN = 0x01;
const UNIDIRECTIONAL = 0x02;
const VERSION = 3;
const FRAME_HEADER_BYTES = 8;
const STREAM_ID_MASK = 0x7f_ff_ff_ff;

/** Larger control frames are refused: they have to be whole in memory, and nothing sensible needs them. */
const CONTROL_MAX_BYTES = 65_536;

/** Cuts a connection's bytes into frames. */
export interface FrameDecoder {
  /**
   * @returns The frames that became whole, and pieces of data frames, in order.
   * @throws {@link ProtocolError} when the bytes are no SPDY/3; the decoder is of no use afterwards.
   */
  push(bytes: Uint8Array): Frame[];
}

export function createFrameDecoder(decompress: HeaderDecompressor): FrameDecoder {
  let pending: Uint8Array = new Uint8Array(0);
  /** The data frame whose payload is being read. */
  let open: { readonly streamId: number; readonly fin: boolean; leftBytes: number } | undefined;

  return {
    push(bytes) {
      pending = pending.length === 0 ? bytes : joined(pending, bytes);
      const frames: Frame[] = [];
      for (let frame = next(); frame !== undefined; frame = next()) if (frame !== "unknown") frames.push(frame);
      return frames;
    },
  };

  function next(): Frame | "unknown" | undefined {
    if (open !== undefined) return dataPiece(open);
    if (pending.length < FRAME_HEADER_BYTES) return undefined;
    const view = new DataView(pending.buffer, pending.byteOffset);
    const firstWord = view.getUint32(0);
    const flags = view.getUint8(4);
    const length = view.getUint32(4) & 0xff_ff_ff;

    if (firstWord >>> 31 === 0) {
      if (firstWord === 0) throw new ProtocolError("data frame for stream 0");
      take(FRAME_HEADER_BYTES);
      open = { streamId: firstWord, fin: (flags & FIN) !== 0, leftBytes: length };
      return dataPiece(open);
    }
    if (firstWord >>> 16 !== (0x8000 | VERSION))
      throw new ProtocolError(`control frame of version ${(firstWord >>> 16) & 0x7fff}`);
    if (length > CONTROL_MAX_BYTES) throw new ProtocolError(`control frame of ${length} bytes`);
    if (pending.length < FRAME_HEADER_BYTES + length) return undefined;
    take(FRAME_HEADER_BYTES);
    return decodeControl(firstWord & 0xffff, flags, take(length), decompress);
  }

  function dataPiece(frame: NonNullable<typeof open>): Frame | undefined {
    if (pending.length === 0 && frame.leftBytes > 0) return undefined;
    const data = take(Math.min(frame.leftBytes, pending.length));
    frame.leftBytes -= data.length;
    if (frame.leftBytes === 0) open = undefined;
    return { type: "data", streamId: frame.streamId, fin: frame.fin && frame.leftBytes === 0, data };
  }

  function take(count: number): Uint8Array {
    const taken = pending.subarray(0, count);
    pending = pending.subarray(count);
    return taken;
  }
}

function decodeControl(
  type: number,
  flags: number,
  payload: Uint8Array,
  decompress: HeaderDecompressor,
): Frame | "unknown" {
  const number = numbersOf(type, payload);
  const fin = (flags & FIN) !== 0;
  switch (type) {
    case controlType.synStream: {
      const headers = decompress(payload.subarray(minimum(payload, 10)));
      return {
        type: "synStream",
        streamId: streamId(number(0)),
        fin,
        unidirectional: (flags & UNIDIRECTIONAL) !== 0,
        headers,
      };
    }
    case controlType.synReply:
      return { type: "synReply", streamId: streamId(number(0)), fin, headers: decompress(payload.subarray(4)) };
    case controlType.headers:
      return { type: "headers", streamId: streamId(number(0)), fin, headers: decompress(payload.subarray(4)) };
    case controlType.rstStream:
      return { type: "rstStream", streamId: streamId(number(0)), status: number(1) };
    case controlType.settings:
      return { type: "settings" };
    case controlType.ping:
      return { type: "ping", id: number(0) };
    case controlType.goaway:
      return { type: "goaway", lastGoodStreamId: number(0) & STREAM_ID_MASK, status: number(1) };
    case controlType.windowUpdate:
      return { type: "windowUpdate", streamId: number(0) & STREAM_ID_MASK, deltaBytes: number(1) & STREAM_ID_MASK };
    default:
      return "unknown";
  }
}

function numbersOf(type: number, payload: Uint8Array): (index: number) => number {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return (index) => {
    if (payload.length < index * 4 + 4)
      throw new ProtocolError(`control frame of type ${type} with ${payload.length} bytes`);
    return view.getUint32(index * 4);
  };
}

function minimum(payload: Uint8Array, length: number): number {
  if (payload.length < length) throw new ProtocolError(`SYN_STREAM frame with ${payload.length} bytes`);
  return length;
}

function streamId(word: number): number {
  const id = word & STREAM_ID_MASK;
  if (id === 0) throw new ProtocolError("control frame for stream 0");
  return id;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
