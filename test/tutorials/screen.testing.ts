/** ECMA-48: control sequences, and operating system commands such as a window's title. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters.
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()].|\x1b[=>78]|\x07/g;
/** The prompt that the terminal's own shell is given: its last exit code between two characters that nothing else prints. */
export const OWN_PROMPT = String.raw`\036$?\036`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const OWN_PROMPT_SHOWN = /\x1e(\d+)\x1e$/;

/** What a command printed, once the prompt after it is there. */
export interface Printed {
  /** In a container, what was typed is among them. */
  readonly lines: readonly string[];
  /** Of the command; undefined while a shell in a container goes on. */
  readonly exitCode: number | undefined;
}

/** A terminal's output as a reader sees it. A line that is written again from its start counts as it was written last. */
export function shownText(output: string): string {
  return output.replaceAll(/\r+\n/g, "\n").replaceAll(ESCAPES, "").replaceAll(/^.*\r/gm, "");
}

/** What to look for on the screen. */
export interface Awaited {
  /**
   * `$` is the terminal's own shell, whatever its prompt; another is that of a shell in a container, or a program's question,
   * without the space.
   */
  readonly prompt: string;
  /** Whether what was typed went to a shell in a container. That prints it, so a prompt before it is the old one. */
  readonly inContainer: boolean;
}

/**
 * What was printed up to the prompt that is awaited; undefined where that is not there yet.
 *
 * @throws Error when the terminal's own shell is back where a shell in a container is awaited.
 */
export function printedBefore(text: string, { prompt, inContainer }: Awaited): Printed | undefined {
  const own = OWN_PROMPT_SHOWN.exec(text);
  if (own !== null && prompt !== "$") throw new Error(`Nothing waits with the prompt "${prompt}": ${text}`);
  if (own !== null) return { lines: linesOf(text.slice(0, own.index)), exitCode: Number(own[1]) };
  const end = `${prompt} `;
  const isThere = prompt !== "$" && (text.endsWith(`\n${end}`) || (text === end && !inContainer));
  return isThere ? { lines: linesOf(text.slice(0, -end.length)), exitCode: undefined } : undefined;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
