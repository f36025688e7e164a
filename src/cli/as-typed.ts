/** A command in a hint: the program's name, and behind it the first word of one of its commands. */
const HINT = /(?<=^|[\s"])fairlead(?= (?:[a-z]|COMMAND))/g;

/**
 * Returns a line for people with the program's name in hints as the user typed it, for example `./fairlead status`.
 *
 * @param line - As written in the sources: `"fairlead status" tells ...`.
 * @param program - As the user typed it. Default: `fairlead`.
 * @param words - The first words of all commands: other words behind the name are not a hint.
 */
export function asTyped(line: string, program: string | undefined, words: ReadonlySet<string>): string {
  if (program === undefined) return line;
  return line.replaceAll(HINT, (name, at: number) => {
    const next = /^ ([\w-]+)/.exec(line.slice(at + name.length))?.[1] ?? "";
    return words.has(next) ? program : name;
  });
}
