import type { Struct } from "../../schema.ts";
import { MAGIC } from "./decode-envelope.ts";
import { writeFields } from "./encode-message.ts";
import { WireWriter } from "./write-wire.ts";

/** What an envelope says of its content. */
export interface EnvelopeType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Returns an object in Kubernetes' protobuf form: the message of its struct in a `runtime.Unknown`, behind four magic bytes. */
export function encodeEnvelope(type: EnvelopeType, struct: Struct, value: object): Uint8Array {
  const out = new WireWriter();
  writeEnd(out);
  const since = out.byteLength;
  writeFields(out, struct, value as Readonly<Record<string, unknown>>);
  out.delimit(2, since);
  writeBeginning(out, type);
  return out.finish();
}

/** Returns what stands before and behind the message in an envelope, for a message that is written elsewhere. */
export function envelopeAround(
  type: EnvelopeType,
  messageLength: number,
): { readonly before: Uint8Array; readonly behind: Uint8Array } {
  const behind = new WireWriter();
  writeEnd(behind);
  const before = new WireWriter();
  before.contentHead(2, messageLength);
  writeBeginning(before, type);
  return { before: before.finish(), behind: behind.finish() };
}

/** Writes content encoding and content type, which the API server leaves empty. */
function writeEnd(out: WireWriter): void {
  out.text(4, "");
  out.text(3, "");
}

function writeBeginning(out: WireWriter, { apiVersion, kind }: EnvelopeType): void {
  const since = out.byteLength;
  out.text(2, kind);
  out.text(1, apiVersion);
  out.delimit(1, since);
  out.raw(MAGIC);
}
