import { WireError } from "../wire-error.ts";
import type { DataOf, RecordCodec } from "./record-codec.ts";

/** Texts of up to 255 bytes each (RFC 1035 §3.3.14), here in UTF-8. */
export const txtCodec: RecordCodec<DataOf<"TXT">> = {
  encode(writer, { texts }) {
    for (const text of texts) {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > 255) throw new WireError("A text of a TXT record is longer than 255 bytes");
      writer.uint8(bytes.length);
      writer.raw(bytes);
    }
  },
  decode(reader, length) {
    const end = reader.offset + length;
    const texts: string[] = [];
    while (reader.offset < end) texts.push(new TextDecoder().decode(reader.take(reader.uint8())));
    return { type: "TXT", texts };
  },
};
