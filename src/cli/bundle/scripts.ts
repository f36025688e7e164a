/**
 * The scripts of the bundle by their names, and the source that each is made of.
 *
 * A program of a cluster has one of its own: it holds nothing that the program does not use, and no other program's code
 * is among its compiled code.
 */
export const SCRIPTS = {
  commands: "src/cli/main.ts",
  server: "src/cli/programs/server.ts",
  node: "src/cli/programs/node.ts",
  dns: "src/cli/programs/dns.ts",
  supervise: "src/cli/programs/supervise.ts",
} as const satisfies Readonly<Record<string, string>>;

export type ScriptName = keyof typeof SCRIPTS;

/** The programs that `fairlead run` starts. */
const RUN: ReadonlySet<string> = new Set(["server", "node", "dns"] satisfies ScriptName[]);
/** Commands that are used often, or that others wait for: each keeps what was compiled for it. */
const OFTEN: ReadonlySet<string> = new Set(["up", "down", "status"]);

/** What to load for a command line. */
export interface Choice {
  readonly script: ScriptName;
  /** A name for what was compiled: the code that one command uses is of no use to another. */
  readonly use: string;
}

/** Chooses the script that a command line needs. */
export function chooseScript(words: readonly string[]): Choice {
  const [first = "", second = ""] = words;
  if (first === "run" && RUN.has(second)) return { script: second as ScriptName, use: second };
  if (first === "supervise") return { script: "supervise", use: "supervise" };
  return { script: "commands", use: OFTEN.has(first) ? first : "others" };
}
