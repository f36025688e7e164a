/** What the documents say about the tree and the command line is so. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { builtinKinds } from "../src/api/kinds.ts";
import { commands } from "../src/cli/commands.ts";
import type { Command, FlagDefinition } from "../src/cli/define-command.ts";
import { usage } from "../src/cli/help.ts";

const root = path.resolve(import.meta.dirname, "..");
/** What is no part of the sources. */
const SKIPPED_FOLDERS = new Set(["node_modules", ".git", ".cache", "dist"]);
const documents = markdownFiles(".");
const shownCommands = commands.filter(({ hidden }) => hidden !== true);

test("there are documents to check", () => {
  for (const file of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/cli.md"]) {
    assert.ok(documents.includes(file), `${file} is missing`);
  }
});

for (const file of documents) {
  test(`${file}: every link leads to a file that exists, and to a heading in it`, () => {
    assert.deepEqual(brokenLinks(file), []);
  });
}

test("the README has the command that runs the main job and the one that runs the tests", () => {
  const lines = read("README.md").split("\n");
  for (const command of ["./fairlead up --nodes 3 -f examples/quote", "./fairlead test"]) {
    assert.ok(
      lines.some((line) => line.split("#")[0]?.trim() === command),
      `no line with ${command}`,
    );
  }
});

test("the README names every kind that is served", () => {
  const words = new Set(prose(read("README.md"), { keepCode: true }).match(/\w+/g));
  assert.deepEqual(
    builtinKinds.map(({ kind }) => kind).filter((kind) => !words.has(kind)),
    [],
  );
});

test("docs/cli.md has every command that is not hidden, in the order of the overview, and no other", () => {
  const headings = [...read("docs/cli.md").matchAll(/^## fairlead (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(
    headings,
    shownCommands.map(({ name }) => name),
  );
});

for (const command of shownCommands) {
  test(`docs/cli.md: fairlead ${command.name} is typed as described, with every flag and its default`, () => {
    const section = commandSection(command);
    const typed = usage(command).replace("Usage: ", "");
    assert.ok(section.split("\n").includes(typed), `no line ${JSON.stringify(typed)}`);
    assert.deepEqual(flagRows(section), Object.entries(command.flags).map(expectedRow));
    for (const example of command.examples) assert.ok(section.includes(example), `no example ${example}`);
  });
}

function markdownFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      return SKIPPED_FOLDERS.has(entry.name) ? [] : markdownFiles(path.join(folder, entry.name));
    }
    return entry.name.endsWith(".md") ? [path.join(folder, entry.name)] : [];
  });
}

/** Links out of the repository are left alone: tests have no network. */
function brokenLinks(file: string): string[] {
  const links = [...prose(read(file)).matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => {
      const [target = "", anchor] = link.split("#");
      const found = target === "" ? file : path.join(path.dirname(file), decodeURIComponent(target));
      if (found.startsWith("..") || !existsSync(path.join(root, found))) return [`${link}: there is no ${found}`];
      if (anchor === undefined || statSync(path.join(root, found)).isDirectory()) return [];
      return anchors(found).has(anchor) ? [] : [`${link}: ${found} has no heading #${anchor}`];
    });
}

/** The text without what is shown as code: a link in there is not one. */
function prose(text: string, { keepCode = false } = {}): string {
  return keepCode ? text : text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "`code`");
}

/** The names under which a document's headings can be reached, as GitHub makes them. */
function anchors(file: string): Set<string> {
  const seen = new Map<string, number>();
  const names = [
    ...read(file)
      .replaceAll(/^```[\s\S]*?^```/gm, "")
      .matchAll(/^#{1,6} +(.+?) *$/gm),
  ].map(([, heading = ""]) => {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
  return new Set(names);
}

function commandSection({ name }: Command): string {
  const [, after = ""] = `${read("docs/cli.md")}\n`.split(`\n## fairlead ${name}\n`);
  return after.split("\n## ")[0] ?? "";
}

/** Flag and default of each row of a section's table: `["--name NAME", "fairlead"]`. */
function flagRows(section: string): string[][] {
  return section
    .split("\n")
    .filter((line) => /^\| *`-/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.replaceAll("`", "").trim()),
    );
}

function expectedRow([name, flag]: [string, FlagDefinition]): string[] {
  const value = flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : "";
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  return [`${short}--${name}${value}`, typeof flag.default === "string" ? flag.default : ""];
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
