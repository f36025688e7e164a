import { decodeResponse } from "../wire/decode-message.ts";

/** Returns whether the bytes are a response of the same id and the same question, bit by bit. */
export function isResponseTo(query: Uint8Array, bytes: Uint8Array): boolean {
  try {
    const { id, questionEnd } = decodeResponse(bytes);
    const question = Buffer.from(query).subarray(12, questionEnd);
    return id === Buffer.from(query).readUInt16BE(0) && question.equals(Buffer.from(bytes).subarray(12, questionEnd));
  } catch {
    return false;
  }
}
