import type { ByteReader } from "../byte-reader.ts";
import type { ByteWriter } from "../byte-writer.ts";
import type { RecordData } from "../message.ts";

/** How the data of one type of record is written. */
export interface RecordCodec<D extends RecordData> {
  encode(writer: ByteWriter, data: D): void;
  /** `length` bytes from where the reader is. */
  decode(reader: ByteReader, length: number): D;
}

/** The data of records of one type. */
export type DataOf<T extends RecordData["type"]> = Extract<RecordData, { readonly type: T }>;
