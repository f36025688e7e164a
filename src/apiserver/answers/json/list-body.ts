import type { ReusingBody } from "../../http/response.ts";
import type { StoredObject } from "../../registry/stored-object.ts";
import type { ListMeta } from "../object-writer.ts";
import { createReusedMemory, type ReusedMemory } from "../reused-memory.ts";
import type { JsonForm, Piece } from "./json-form.ts";

/** Large lists leave in pieces of about this size, so that the first bytes do not wait for the last. */
const CHUNK_BYTES = 64 * 1024;
/** Everything behind the last item. */
const LIST_TAIL = "]}\n";
/** Most bytes that one code unit of a string becomes. */
const UTF8_BYTES_MAX = 3;

/** The body of a list. Between two chunks other requests get their turn. */
export function listBody(form: JsonForm, items: readonly StoredObject[], meta: ListMeta): ReusingBody {
  const memory = createReusedMemory();
  return { [Symbol.asyncIterator]: () => chunks(form, { items, meta, memory }), giveBack: memory.giveBack };
}

interface Listed {
  readonly items: readonly StoredObject[];
  readonly meta: ListMeta;
  readonly memory: ReusedMemory;
}

async function* chunks(form: JsonForm, { items, meta, memory }: Listed): AsyncGenerator<Uint8Array> {
  let chunk = new Chunk(form.listHead(meta));
  for (const [index, stored] of items.entries()) {
    if (index > 0) chunk.add(",");
    for (const piece of form.item(stored)) chunk.add(piece);
    if (chunk.byteLength < CHUNK_BYTES) continue;
    yield chunk.bytes(memory);
    chunk = new Chunk("");
  }
  chunk.add(LIST_TAIL);
  yield chunk.bytes(memory);
}

/** Gathers text and bytes, and copies each once. */
class Chunk {
  readonly #pieces: Piece[] = [];
  #byteLengthMax = 0;

  constructor(text: string) {
    this.add(text);
  }

  /** An upper bound: how long text becomes is only known when it is encoded. */
  get byteLength(): number {
    return this.#byteLengthMax;
  }

  add(piece: Piece): void {
    this.#pieces.push(piece);
    this.#byteLengthMax += typeof piece === "string" ? piece.length * UTF8_BYTES_MAX : piece.byteLength;
  }

  bytes(memory: ReusedMemory): Uint8Array {
    const out = memory.take(this.#byteLengthMax);
    let at = 0;
    for (const piece of this.#pieces) {
      if (typeof piece === "string") at += out.write(piece, at, "utf8");
      else {
        out.set(piece, at);
        at += piece.byteLength;
      }
    }
    return out.subarray(0, at);
  }
}
