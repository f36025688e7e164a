import { MEDIA_TYPES } from "../answers/document.ts";

/**
 * Cuts the body of a watch, which comes in pieces of any size, into one message for each event: text of a line with its line
 * feed, or the bytes of an event in protobuf without the length before it.
 */
export function watchMessages(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): AsyncIterable<string | Uint8Array> {
  return contentType?.startsWith(MEDIA_TYPES.protobuf) === true ? frames(body) : lines(body);
}

const LINE_FEED = 0x0a;

async function* lines(body: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let begun: Uint8Array[] = [];
  for await (const piece of body) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...begun, piece.subarray(start, end + 1)]).toString();
      begun = [];
      start = end + 1;
    }
    if (start < piece.length) begun.push(piece.subarray(start));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString();
}

const LENGTH_BYTES = 4;

async function* frames(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let begun: Uint8Array[] = [];
  let byteLength = 0;
  let needed = LENGTH_BYTES;
  for await (const piece of body) {
    begun.push(piece);
    byteLength += piece.byteLength;
    if (byteLength < needed) continue;
    let rest: Uint8Array = Buffer.concat(begun);
    for (needed = neededFor(rest); rest.byteLength >= needed; needed = neededFor(rest)) {
      yield rest.subarray(LENGTH_BYTES, needed);
      rest = rest.subarray(needed);
    }
    begun = [rest];
    byteLength = rest.byteLength;
  }
}

/** Returns how many bytes there must be for the first frame to be whole, or for its length to be known. */
function neededFor(bytes: Uint8Array): number {
  if (bytes.byteLength < LENGTH_BYTES) return LENGTH_BYTES;
  return LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
