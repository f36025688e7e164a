import type { StoredObject } from "../registry/stored-object.ts";
import type { ListMeta, Piece, Renderer } from "../tables/renderer.ts";

/** Large lists leave in pieces of about this size, so that the first bytes do not wait for the last. */
const CHUNK_BYTES = 64 * 1024;
const encoder = new TextEncoder();

/** The body of a list. Between two chunks other requests get their turn. */
export async function* listBody(
  renderer: Renderer,
  items: readonly StoredObject[],
  meta: ListMeta,
): AsyncIterable<Uint8Array> {
  let chunk = new Chunk(renderer.listHead(meta));
  for (const [index, stored] of items.entries()) {
    if (index > 0) chunk.add(",");
    for (const piece of renderer.item(stored)) chunk.add(piece);
    if (chunk.byteLength < CHUNK_BYTES) continue;
    yield chunk.bytes();
    chunk = new Chunk("");
  }
  chunk.add(renderer.listTail);
  yield chunk.bytes();
}

/** Gathers text and bytes; text is encoded once for many pieces. */
class Chunk {
  readonly #parts: Uint8Array[] = [];
  #text: string;
  #byteLength = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Text that is not encoded yet counts by its length. */
  get byteLength(): number {
    return this.#byteLength + this.#text.length;
  }

  add(piece: Piece): void {
    if (typeof piece === "string") {
      this.#text += piece;
      return;
    }
    this.#flushText();
    this.#parts.push(piece);
    this.#byteLength += piece.byteLength;
  }

  bytes(): Uint8Array {
    this.#flushText();
    return Buffer.concat(this.#parts);
  }

  #flushText(): void {
    if (this.#text === "") return;
    const encoded = encoder.encode(this.#text);
    this.#text = "";
    this.#parts.push(encoded);
    this.#byteLength += encoded.byteLength;
  }
}
