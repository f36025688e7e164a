import type { ChildProcess } from "node:child_process";
import { isInContainer } from "../../tutorials/page.testing.ts";
import { OWN_PROMPT, type Printed, printedBefore, shownText } from "../../tutorials/screen.testing.ts";
import type { Lab } from "../lab.testing.ts";

/** How long a shell may take to show its first prompt. */
const SHELL_LIMIT_MS = 60_000;
const INTERRUPT = "\x03";
const INTERRUPT_AGAIN_MS = 1_000;

/** A shell in a pseudo terminal, as a person has one: what runs in it can have a terminal too. */
export interface Terminal {
  /**
   * Types lines and waits until there is a prompt again.
   *
   * @throws Error with what was printed, when the time is up, or no shell in a container shows the prompt.
   */
  type(lines: string, options: TypeOptions): Promise<Printed>;
  close(): void;
}

export interface TypeOptions {
  /** The one that has to come, without the space after it: of a shell in a container, a question, or `$` for the terminal's own. */
  readonly prompt: string;
  readonly limitMs: number;
  /** Is shown what was printed whenever there is more. Once it answers true, Ctrl-C is typed. */
  readonly watch?: (lines: readonly string[]) => boolean;
}

/**
 * Opens a terminal with the lab's environment.
 *
 * @param folder - Where its shell starts.
 * @param programs - A folder in which its shell finds programs before all others.
 */
export async function openTerminal(lab: Lab, folder: string, programs: string): Promise<Terminal> {
  // script (of util-linux) has the pseudo terminal.
  const child = lab.start("script", ["-qfec", "bash --noprofile --norc --noediting -i", "/dev/null"]);
  child.stdin?.on("error", () => {});
  const screen = followScreen(child);
  const write = (text: string) => child.stdin?.write(text);
  let inContainer = false;

  write(`cd '${folder}'; PATH='${programs}':$PATH; PS2=; PS1='${OWN_PROMPT}'; stty -echo rows 50 cols 200\n`);
  const ownPrompt = () => printedBefore(screen.text(), { prompt: "$", inContainer });
  await screen.seen("no prompt came", SHELL_LIMIT_MS, ownPrompt);

  return {
    async type(lines, { prompt, limitMs, watch }) {
      screen.clear();
      write(`${lines}\n`);
      if (watch !== undefined) {
        const enough = () => watch(screen.text().split("\n")) || undefined;
        await screen.seen("not everything was printed", limitMs, enough);
        write(INTERRUPT);
      }
      // A shell in a loop misses one that comes while it starts a program; a person types another then.
      const again = watch && setInterval(() => write(INTERRUPT), INTERRUPT_AGAIN_MS);
      try {
        const ended = () => printedBefore(screen.text(), { prompt, inContainer });
        const printed = await screen.seen(`the prompt "${prompt}" did not come`, limitMs, ended);
        inContainer = isInContainer(prompt);
        return printed;
      } finally {
        clearInterval(again);
      }
    },
    close: () => child.kill("SIGHUP"),
  };
}

interface Screen {
  /** Everything since it was cleared. */
  text(): string;
  clear(): void;
  /** Looks whenever there is more, until there is an answer. */
  seen<T>(failure: string, limitMs: number, look: () => T | undefined): Promise<T>;
}

function followScreen(child: ChildProcess): Screen {
  let output = "";
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of watchers) look();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      changed();
    });
  }
  child.once("close", changed);
  const text = () => shownText(output);
  return {
    text,
    clear() {
      output = "";
    },
    async seen(failure, limitMs, look) {
      const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof look>>>();
      const timer = setTimeout(() => reject(new Error(`In ${limitMs} ms ${failure}: ${text()}`)), limitMs);
      const watcher = () => {
        try {
          const answer = look();
          if (answer !== undefined && answer !== null) resolve(answer);
          else if (child.exitCode !== null) reject(new Error(`The terminal has ended: ${text()}`));
        } catch (error) {
          reject(error);
        }
      };
      watchers.add(watcher);
      watcher();
      return await promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watcher);
      });
    },
  };
}
