import type { StoreEvent } from "../store.ts";
import type { WriteRequest, WriteResult } from "./writer.ts";

/** What the writer's thread is given on start. */
export interface WriterData {
  readonly file: string;
  /** See `SqliteStoreOptions.maxBytes`. */
  readonly maxBytes: number | undefined;
  /** See `SqliteStoreOptions.reserveBytes`. */
  readonly reserveBytes: number | undefined;
}

/** To the writer's thread, which gets arrays of them. Each is answered by one {@link FromWriter} of the same `id`. */
export type ToWriter =
  | { readonly type: "write"; readonly id: number; readonly request: WriteRequest }
  | { readonly type: "expire"; readonly id: number; readonly nowMs: number }
  | { readonly type: "compact"; readonly id: number; readonly revision: number }
  | { readonly type: "close"; readonly id: number };

/**
 * From the writer's thread. The value of a put is left out of its event: the main thread still has it.
 *
 * `opened` comes once, unprompted; `failed` with id 0 in its place. `full` comes unprompted, also before `opened`.
 */
export type FromWriter =
  /** With what is in the tail of the log. */
  | { readonly type: "opened"; readonly revision: number; readonly tail: readonly StoreEvent[] }
  | { readonly type: "full"; readonly isFull: boolean }
  | { readonly type: "written"; readonly written: readonly { readonly id: number; readonly result: WriteResult }[] }
  | { readonly type: "done"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
