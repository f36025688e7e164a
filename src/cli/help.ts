import type { Command } from "./define-command.ts";

const INTRODUCTION = "fairlead: Kubernetes with real pods and Services, up in about a second";

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const shown = commands.filter((command) => !command.hidden);
  const width = Math.max(...shown.map((command) => command.name.length));
  return [
    INTRODUCTION,
    "",
    "Usage: fairlead COMMAND [flags]",
    "",
    ...shown.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    '"fairlead COMMAND --help" tells more about one.',
  ].join("\n");
}

/** Everything about one command. */
export function commandHelp(command: Command): string {
  return [
    command.summary,
    "",
    usage(command),
    ...(command.description ?? []).flatMap((paragraph) => ["", paragraph]),
    ...section("Flags", flagLines(command)),
    ...section(
      "Examples",
      command.examples.map((example) => `  ${example}`),
    ),
  ].join("\n");
}

/** The one line that shows how a command is typed. */
export function usage(command: Command): string {
  const words = ["fairlead", command.name, ...command.positionals];
  return `Usage: ${words.join(" ")}${Object.keys(command.flags).length > 0 ? " [flags]" : ""}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}

function flagLines(command: Command): string[] {
  const rows = Object.entries(command.flags).map(([name, flag]) => {
    const short = flag.short === undefined ? "    " : `-${flag.short}, `;
    const value = flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : "";
    const isDefault = flag.default !== undefined && flag.default !== "" && flag.default !== false;
    return {
      left: `  ${short}--${name}${value}`,
      right: `${flag.help}${isDefault ? ` (default ${flag.default})` : ""}`,
    };
  });
  const width = Math.max(0, ...rows.map((row) => row.left.length));
  return rows.map((row) => `${row.left.padEnd(width)}  ${row.right}`);
}
