import { ProtocolError } from "./protocol-error.ts";

/** Reads bits in deflate's order: the least significant bit of each byte first (RFC 1951 3.1.1). */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** Counts bits from the beginning. */
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether no whole byte is left and the rest of the last one has been passed over. */
  atEnd(): boolean {
    return this.#position >= this.#bytes.length * 8;
  }

  /** @throws {@link ProtocolError} when fewer than `count` bits (0 to 16) are left. */
  read(count: number): number {
    if (this.#position + count > this.#bytes.length * 8)
      throw new ProtocolError("header block ends within a deflate block");
    let value = 0;
    for (let i = 0; i < count; i++, this.#position++) {
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      value |= ((byte >> (this.#position & 7)) & 1) << i;
    }
    return value;
  }

  alignToByte(): void {
    this.#position = (this.#position + 7) & ~7;
  }
}
