import { contentOf, text, WireError, wireFields } from "./read-wire.ts";

/** What every object in Kubernetes' protobuf form is wrapped in: `runtime.Unknown`. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The object's own message. */
  readonly raw: Uint8Array;
}

/** What stands before every object in protobuf: `k8s` and a zero byte. */
export const MAGIC = Uint8Array.of(0x6b, 0x38, 0x73, 0);

/** @throws {WireError} when the bytes are not an enveloped object. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new WireError("empty data");
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new WireError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  }
  if (bytes.length === MAGIC.length) throw new WireError("empty body");
  const envelope = { apiVersion: "", kind: "", raw: new Uint8Array(0) };
  for (const field of wireFields(bytes.subarray(MAGIC.length))) {
    if (field.number === 1) {
      for (const inner of wireFields(contentOf(field, "TypeMeta"))) {
        if (inner.number === 1) envelope.apiVersion = text(contentOf(inner, "APIVersion"));
        else if (inner.number === 2) envelope.kind = text(contentOf(inner, "Kind"));
      }
    } else if (field.number === 2) envelope.raw = Uint8Array.from(contentOf(field, "Raw"));
  }
  return envelope;
}
