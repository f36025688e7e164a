import type { StoredObject } from "../../registry/stored-object.ts";
import type { ListMeta } from "../object-writer.ts";

/** Part of an answer: text, or bytes that are passed on unchanged. */
export type Piece = string | Uint8Array;

/** What the objects of one version of a resource become in JSON: themselves, metadata, or rows of a table. */
export interface JsonForm {
  object(stored: StoredObject): Uint8Array;
  /** Returns everything of a list before its first item. */
  listHead(meta: ListMeta): string;
  /** Returns one item, without the comma before it. */
  item(stored: StoredObject): readonly Piece[];
  bookmark(resourceVersion: string, annotations: Readonly<Record<string, string>>): string;
  /** As {@link ByteEventWriter.sharedAs}. */
  readonly sharedAs?: string;
}
