import type { Candidate } from "../completion/plan.ts";
import { planCompletion } from "../completion/plan.ts";
import type { Command } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";

/**
 * `fairlead __complete`: what may stand in the place of the last word; asked by the shells' completion.
 *
 * Prints a candidate a line, its meaning behind a tab, and last what the shell is to do: `:words`, `:files`, `:folders`.
 * Never fails and never complains: what cannot be looked up now has no names.
 *
 * @param commands - All of them; this one is among them.
 */
export function completeCommand(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "__complete",
    summary: "Complete a word of a command line",
    positionals: ["WORD..."],
    flags: {},
    examples: [],
    hidden: true,

    async run({ positionals }, context) {
      const { words, lookUp: wanted } = planCompletion(commands(), positionals);
      const found = wanted === undefined ? [] : await namesOf(wanted, positionals.at(-1) ?? "");
      for (const { word, help } of [...words, ...found]) context.out(help === "" ? word : `${word}\t${help}`);
      context.out(wanted?.source === "files" || wanted?.source === "folders" ? `:${wanted.source}` : ":words");
      return 0;
    },
  });
}

async function namesOf(
  { source, prefix, cluster }: NonNullable<ReturnType<typeof planCompletion>["lookUp"]>,
  current: string,
): Promise<readonly Candidate[]> {
  try {
    const { lookUp } = await import("../completion/look-up.ts");
    const names = await lookUp({ source, cluster, current: current.slice(prefix.length) });
    return names
      .map(({ word, help }) => ({ word: `${prefix}${word}`, help }))
      .filter(({ word }) => word.startsWith(current));
  } catch {
    return [];
  }
}
