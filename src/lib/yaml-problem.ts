import type { YAMLError } from "yaml";

/**
 * Describes a syntax error of YAML text in one line: `line 2, column 4: Map keys must be unique`.
 *
 * An error that the parser finds behind the last character of the text, such as a bracket that is never closed, is
 * reported at that character: blank lines behind it do not count.
 *
 * @param text - What was parsed, with the option `prettyErrors: false`.
 */
export function yamlProblem(text: string, { pos, message }: Pick<YAMLError, "pos" | "message">): string {
  const offset = Math.max(0, Math.min(pos[0], text.trimEnd().length - 1));
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: ${message}`;
}
