import type { StoredObject } from "../registry/stored-object.ts";

/** What a list says about itself. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Part of an answer: text, or bytes that are passed on as they are. */
export type Piece = string | Uint8Array;

/** Writes the objects of one kind in one representation. */
export interface Renderer {
  /** An answer, or the object of a watch event. */
  single(stored: StoredObject): Uint8Array;
  /** Everything of a list before its first item. */
  listHead(meta: ListMeta): string;
  /** One item, without the comma before it. */
  item(stored: StoredObject): readonly Piece[];
  /** Everything behind the last item. */
  readonly listTail: string;
  /** Whether watchers that ask for the same may share what was written. */
  readonly shared: boolean;
  /** A bookmark of this representation. */
  bookmark(resourceVersion: string, annotations: Readonly<Record<string, string>>): string;
}
