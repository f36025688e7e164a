/** What to write so that an object is as it should be. */
export type Repair<T> =
  | { readonly verb: "keep" }
  | { readonly verb: "update"; readonly object: T }
  /** For a change of a field that is immutable: deletes the object and creates it again. */
  | { readonly verb: "replace" };

/** The repair of an object that lacks nothing. */
export const KEEP = { verb: "keep" } as const;
