import { execFile } from "node:child_process";

/** What a program gets besides its arguments. */
export interface CommandOptions {
  /** Text for the command's standard input. Default: none. */
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Ends the command when `signal` is aborted. Default: SIGTERM. */
  readonly killSignal?: NodeJS.Signals;
}

/** A program of the machine ended with an error, or could not be started. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** Absent when the program could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    message: string,
    details: {
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
      readonly cause: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.exitCode = details.exitCode;
    this.stdout = details.stdout;
    this.stderr = details.stderr;
  }
}

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Runs a program to its end, without a shell, and answers what it printed on standard output.
 *
 * @throws {CommandError} with what it printed on standard error, when it exits with anything but 0.
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { input, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { ...spawnOptions, maxBuffer: OUTPUT_MAX_BYTES, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const said = stderr.trim() === "" ? error.message : stderr.trim();
        const exitCode = typeof error.code === "number" ? error.code : undefined;
        reject(new CommandError(`${program} ${args.join(" ")}: ${said}`, { exitCode, stdout, stderr, cause: error }));
      },
    );
    // A program that does not read its input closes the pipe early: its exit code says whether it failed.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
