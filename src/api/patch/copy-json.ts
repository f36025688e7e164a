import { setOwn } from "../own-property.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";

/** Decides which parts of a copied value are left out. */
export interface Omissions {
  /** Whether the entry of an object is left out. Default: none is. */
  entry?(value: unknown): boolean;
  /** Whether the item of a list is left out. Default: none is. */
  item?(value: unknown): boolean;
}

/** A list or object whose parts still have to be copied. */
type Unfinished =
  | { readonly from: readonly unknown[]; readonly to: unknown[] }
  | { readonly from: JsonObject; readonly to: Record<string, unknown> };

/**
 * Copies a JSON value, so that changes of the copy leave the original alone.
 *
 * Works without recursion: clients may nest values deeper than the stack allows.
 */
export function copyJson(value: unknown, omissions: Omissions = {}): unknown {
  const unfinished: Unfinished[] = [];
  const begin = (from: unknown): unknown => {
    if (Array.isArray(from)) {
      const to: unknown[] = [];
      unfinished.push({ from, to });
      return to;
    }
    if (!isJsonObject(from)) return from;
    const to: Record<string, unknown> = {};
    unfinished.push({ from, to });
    return to;
  };
  const copy = begin(value);
  for (let next = unfinished.pop(); next !== undefined; next = unfinished.pop()) {
    const { from, to } = next;
    if (Array.isArray(to)) {
      for (const item of from as readonly unknown[]) if (omissions.item?.(item) !== true) to.push(begin(item));
    } else {
      for (const [key, inner] of Object.entries(from)) {
        if (omissions.entry?.(inner) !== true) setOwn(to, key, begin(inner));
      }
    }
  }
  return copy;
}
