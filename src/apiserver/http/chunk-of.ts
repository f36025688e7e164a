const CRLF = "\r\n";

/** Watches of a kind send the same pieces: each is framed once, and its chunk kept for as long as the piece is. */
const framed = new WeakMap<Uint8Array, Uint8Array>();

/** Returns a piece of a body as one chunk of HTTP/1.1 (RFC 9112 §7.1). The piece must not be empty: that ends a body. */
export function chunkOf(piece: Uint8Array): Uint8Array {
  const known = framed.get(piece);
  if (known !== undefined) return known;
  const head = piece.byteLength.toString(16) + CRLF;
  const chunk = Buffer.allocUnsafeSlow(head.length + piece.byteLength + CRLF.length);
  chunk.write(head, 0, "latin1");
  chunk.set(piece, head.length);
  chunk.write(CRLF, head.length + piece.byteLength, "latin1");
  framed.set(piece, chunk);
  return chunk;
}
