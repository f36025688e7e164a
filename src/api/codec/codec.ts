import type { DecodedValue } from "./decode.ts";

/**
 * Reads and writes the JSON of one kind's objects: everything but `kind` and `apiVersion`.
 *
 * Built-in kinds have a codec made of their declared struct, custom resources one made of a structural schema. All functions are
 * pure.
 */
export interface Codec {
  /**
   * Returns a parsed JSON object in stored form, with `metadata`: unknown fields dropped and named, constant defaults filled in.
   * Fails on a value that the store cannot keep for this kind.
   */
  decode(json: unknown): DecodedValue;
  /** Returns the canonical JSON text of `metadata`. */
  metadataText(metadata: object): string;
  /** Returns the canonical JSON text of every other field, a comma before each: `,"spec":{…}`. Empty if there is none. */
  fieldsText(object: Readonly<Record<string, unknown>>): string;
  /** `status` of a new object, before a controller writes it. `undefined`: the kind has no initial status. */
  readonly newStatus: unknown;
}
