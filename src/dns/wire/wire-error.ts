/** The bytes are not a DNS message, or not one that a server may act on. The answer to it is FORMERR, or none. */
export class WireError extends Error {
  override readonly name = "WireError";
}
