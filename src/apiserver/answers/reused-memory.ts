/** Memory for the pieces of one body: the writer puts each piece where an earlier one was. */
export interface ReusedMemory {
  /** Returns at least so many bytes, with anything in them. */
  take(byteLength: number): Buffer;
  /** Takes back what was written into bytes that {@link take} returned. */
  giveBack(piece: Uint8Array): void;
}

/** Pieces differ by an object: buffers are a multiple of this size, so that most fit where the one before was. */
const STEP_BYTES = 32 * 1024;

/**
 * Creates memory that holds one buffer for the next piece.
 *
 * Such buffers lie outside of V8's heap, and V8 marks all of its objects whenever some tens of MiB of them are new. With a
 * buffer for each piece, four clients that listed 30,000 pods over and over made it do so three times a second, for up to
 * 30 ms each; the time grows with the objects in the heap.
 */
export function createReusedMemory(): ReusedMemory {
  let free: ArrayBufferLike | undefined;
  return {
    take(byteLength) {
      const buffer = free !== undefined && free.byteLength >= byteLength ? free : newBuffer(byteLength);
      free = undefined;
      return Buffer.from(buffer);
    },
    giveBack({ buffer }) {
      free = buffer;
    },
  };
}

function newBuffer(byteLength: number): ArrayBufferLike {
  const size = byteLength < STEP_BYTES ? byteLength : Math.ceil(byteLength / STEP_BYTES) * STEP_BYTES;
  // Without zeros in it, and not a part of Node's pool.
  return Buffer.allocUnsafeSlow(size).buffer;
}
