import { buffer } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";

/** One entry of a tar file, as the unpacker sees it. */
export interface UnpackedEntry {
  readonly header: Header;
  readonly content: Buffer;
}

/** The entries of a tar file, in order. */
export async function unpackTar(bytes: Buffer): Promise<UnpackedEntry[]> {
  const tar = extract();
  tar.end(bytes);
  const entries: UnpackedEntry[] = [];
  for await (const entry of tar) entries.push({ header: entry.header, content: await buffer(entry) });
  return entries;
}
