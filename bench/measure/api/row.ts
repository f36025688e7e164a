import type { Figure } from "./figure.ts";
import type { HttpVersion } from "./http-client.ts";
import type { LoadGenerator } from "./load.ts";
import type { Namespaces } from "./objects-of-run.ts";
import type { Side } from "./side.ts";

/** One kind of measurement, done on each server in turn. */
export interface Row {
  readonly name: string;
  /** Answers the same figures in the same order each time. */
  measure(run: Run): Promise<readonly Figure[]>;
}

/** What a row is measured on. */
export interface Run {
  readonly side: Side;
  readonly namespaces: Namespaces;
  /** Objects in the namespace that is read. */
  readonly objects: number;
  readonly seconds: number;
  readonly http: HttpVersion;
  readonly send: LoadGenerator;
  /** Returns a name that no other object of the run has. */
  newName(): string;
}
