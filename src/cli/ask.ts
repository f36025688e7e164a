import { createInterface } from "node:readline";

/**
 * Returns a function that prints a question and reads the next line of the input. It answers undefined at the input's end.
 *
 * The input is read from the first question on: commands that ask nothing leave it alone.
 */
export function questions(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): (question: string) => Promise<string | undefined> {
  let lines: AsyncIterator<string> | undefined;
  return async (question) => {
    output.write(question);
    // A terminal shows what is typed, and lets it be corrected, by itself.
    lines ??= createInterface({ input, terminal: false })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };
}
