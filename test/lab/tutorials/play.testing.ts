import { readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { type Comparison, compare, type Known, substitute } from "../../tutorials/comparison.testing.ts";
import { type Page, parsePage, type Section, type Step } from "../../tutorials/page.testing.ts";
import type { Printed } from "../../tutorials/screen.testing.ts";
import { chosenValues } from "../../tutorials/varying.testing.ts";
import type { Lab } from "../lab.testing.ts";
import { openTerminal, type Terminal } from "./terminal.testing.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** One command. `fairlead up` and `kubectl wait` have limits of their own below it. */
const COMMAND_LIMIT_MS = 240_000;
/** How long what only looks is typed again until it shows what the page shows, as its reader would. */
const LOOK_LIMIT_MS = 120_000;
const LOOK_PAUSE_MS = 200;
const ONLY_LOOKS =
  /^(?:kubectl(?: -n \S+)? (?:get|describe|logs|rollout (?:status|history)|exec \S+ -- (?:cat|ls|curl|nslookup))|curl|nslookup|ls|cat) /;

/** The page of a tutorial in English, by its name without `.md`. */
export function readTutorial(name: string): Page {
  return parsePage(readFileSync(path.join(root, tutorialFile(name)), "utf8"));
}

/** Types a page into a terminal, section by section. */
export interface Player {
  /** @throws Error that names the line of the page, what it shows that was not printed, and what was. */
  play(section: Section): Promise<void>;
  close(): void;
}

export interface PlayOptions {
  /** Of the tutorial. */
  readonly name: string;
  readonly page: Page;
  /** Path of the kubectl that the reader has. */
  readonly kubectl: string;
  /** Put behind every `./fairlead up` of the page: what a lab needs, which has no network. */
  readonly upFlags: readonly string[];
}

/** Opens a terminal in the checkout for the reader of a page. */
export async function startPlaying(lab: Lab, { name, page, kubectl, upFlags }: PlayOptions): Promise<Player> {
  const programs = path.join(lab.home, "bin");
  await mkdir(programs);
  await symlink(kubectl, path.join(programs, "kubectl"));
  const terminal = await openTerminal(lab, root, programs);
  const steps = page.sections.flatMap((section) => section.steps);
  let bindings: ReadonlyMap<string, string> = new Map();
  const given = new Set<string>();

  let stoppedAt: number | undefined;
  const play = async (step: Step) => {
    if (stoppedAt !== undefined) throw new Error(`The page stopped at line ${stoppedAt}`);
    stoppedAt = step.line;
    for (const value of chosenValues(`${step.shown}\n${step.typed}`)) if (!bindings.has(value)) given.add(value);
    const prompt = steps[steps.indexOf(step) + 1]?.prompt ?? "$";
    const typed = substitute(inLab(step.typed, upFlags), bindings);
    const result = await typeAndCompare(terminal, { ...step, typed, prompt }, { bindings, given });
    if (!result.same) {
      const where = `${tutorialFile(name)}:${step.line}: ${step.prompt} ${step.typed}`;
      throw new Error(`${where}\nis to print: ${result.missing}\nbut printed:\n${result.printed.lines.join("\n")}`);
    }
    bindings = result.bindings;
    stoppedAt = undefined;
  };

  return {
    async play(section) {
      for (const step of section.steps) await play(step);
    },
    close: () => terminal.close(),
  };
}

type Attempt = Comparison & { readonly printed: Printed };

/** @param step - With the prompt that is to follow. */
async function typeAndCompare(terminal: Terminal, step: Step, known: Known): Promise<Attempt> {
  const { typed, prompt, printed: page, interrupted } = step;
  const watch = (lines: readonly string[]) => compare(page, lines, known).same;
  for (const end = Date.now() + (ONLY_LOOKS.test(typed) ? LOOK_LIMIT_MS : 0); ; ) {
    const limitMs = COMMAND_LIMIT_MS;
    const printed = await terminal.type(typed, { prompt, limitMs, ...(interrupted && { watch }) });
    const attempt = judge(page, printed, known);
    if (attempt.same || Date.now() >= end) return attempt;
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
  }
}

/** What the page shows nothing of must have worked. */
function judge(page: readonly string[], printed: Printed, known: Known): Attempt {
  const { exitCode = 0, lines } = printed;
  if (page.length === 0 && exitCode !== 0)
    return { same: false, missing: `nothing, and end with 0, not ${exitCode}`, printed };
  return { ...compare(page, lines, known), printed };
}

function inLab(typed: string, upFlags: readonly string[]): string {
  return typed.startsWith("./fairlead up") ? [typed, ...upFlags].join(" ") : typed;
}

function tutorialFile(name: string): string {
  return `docs/tutorials/${name}.md`;
}
