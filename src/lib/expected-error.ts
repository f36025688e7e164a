/**
 * Something that the person at the keyboard can mend: not root, a port in use, a cluster of that name already there.
 *
 * Its message says what to do. It is printed without a stack.
 */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
}
