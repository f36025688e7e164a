/** A place in a Corefile that is wrong or not supported. The message says what to do. */
export class CorefileError extends Error {
  override readonly name = "CorefileError";
  /** From 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
