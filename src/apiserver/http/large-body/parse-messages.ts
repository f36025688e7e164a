import type { Struct } from "@fairlead/api/schema";

/** How a body is written. */
export type BodyFormat = "json" | "yaml";

/** To the thread: a body to parse. */
export interface ParseTask {
  readonly format: BodyFormat;
  readonly bytes: Uint8Array;
  /** Which schema to thin by; 0 for none. */
  readonly schemaId: number;
  /** The schema, in the first message with its id. */
  readonly schema?: Struct;
}

/** From the thread: the body as JSON, or why it is none. */
export type ParseResult =
  | {
      readonly json: string;
      /** Whether `JSON.parse` keeps every number of `json`. */
      readonly hasPlainNumbers: boolean;
      readonly duplicates: readonly string[];
    }
  | { readonly error: string };
