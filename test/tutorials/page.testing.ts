/** A tutorial as what its reader types and sees: its `console` blocks are the transcript of one terminal. */
export interface Page {
  readonly sections: readonly Section[];
  /** Every `console` block as it stands, for comparing translations. */
  readonly transcripts: readonly string[];
  /** Every `yaml` block as it stands, for comparing it with the file that it shows. */
  readonly manifests: readonly string[];
}

/** A heading of the second level, and the steps below it. */
export interface Section {
  readonly heading: string;
  readonly steps: readonly Step[];
}

/** One thing that is typed, and what the page says that it prints. */
export interface Step {
  /** In the page, from 1. */
  readonly line: number;
  /**
   * Without the space after it: `$` in the reader's own shell, `/ #` and the like in one inside a container, or a question
   * that a program asks as minikube does, such as `-- Enter Load Balancer Start IP:`.
   */
  readonly prompt: string;
  /** The lines that `>` continues are in it, each with its end of line between. */
  readonly typed: string;
  readonly printed: readonly string[];
  /** The page ends it with `^C`. */
  readonly interrupted: boolean;
  /** What the page has shown in other blocks of code since the step before. */
  readonly shown: string;
}

const SHELLS_IN_CONTAINERS = String.raw`(?:~|/\S*) #|(?:ba)?sh-[\d.]+#|root@[\w.-]+:\S*#|\[root@[\w.-]+ \S+\]#`;
const QUESTION = "-- Enter [^:]+:";
const TYPED = new RegExp(String.raw`^(\$|${SHELLS_IN_CONTAINERS}|${QUESTION}) (\S.*)$`);
const CONTINUED = /^> ?(.*)$/;
/** Stands for lines that are not shown. */
const LEFT_OUT = /^\s*\.\.\.$/;
const INTERRUPT = "^C";

/** Whether a prompt is that of a shell inside a container. */
export function isInContainer(prompt: string): boolean {
  return new RegExp(`^(?:${SHELLS_IN_CONTAINERS})$`).test(prompt);
}

/**
 * Reads the Markdown of a tutorial.
 *
 * @throws Error naming the line, when a block is not closed, or a `console` block does not start with a prompt.
 */
export function parsePage(markdown: string): Page {
  const sections: { heading: string; steps: Step[] }[] = [];
  const blocks = codeBlocks(markdown);
  let shown: string[] = [];
  for (const part of [...headings(markdown, blocks), ...blocks].sort((a, b) => a.line - b.line)) {
    if ("heading" in part) sections.push({ heading: part.heading, steps: [] });
    else if (part.language !== "console") shown.push(...part.lines);
    else {
      const section = sections.at(-1);
      if (section === undefined) throw new Error(`line ${part.line}: a console block before the first "## " heading`);
      section.steps.push(...steps(part, shown.join("\n")));
      shown = [];
    }
  }
  const text = (language: string) =>
    blocks.filter((block) => block.language === language).map(({ lines }) => lines.join("\n"));
  return {
    sections: sections.filter((section) => section.steps.length > 0),
    transcripts: text("console"),
    manifests: text("yaml"),
  };
}

interface Block {
  /** Of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
}

function codeBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^```(\w*)/.exec(text);
    if (fence === null) open?.lines.push(text);
    else if (open === undefined) open = { line: index + 1, language: fence[1] ?? "", lines: [] };
    else {
      blocks.push(open);
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`line ${open.line}: this block of code is not closed`);
  return blocks;
}

function headings(markdown: string, blocks: readonly Block[]): { line: number; heading: string }[] {
  const inBlock = (line: number) =>
    blocks.some((block) => line > block.line && line <= block.line + block.lines.length);
  return markdown.split("\n").flatMap((text, index) => {
    const heading = /^## +(.+?) *$/.exec(text)?.[1];
    return heading === undefined || inBlock(index + 1) ? [] : [{ line: index + 1, heading }];
  });
}

function steps(block: Block, shownBefore: string): Step[] {
  const found: { line: number; prompt: string; typed: string[]; printed: string[]; interrupted: boolean }[] = [];
  for (const [index, text] of block.lines.entries()) {
    const line = block.line + index + 1;
    const [, prompt, typed] = TYPED.exec(text) ?? [];
    const current = found.at(-1);
    if (prompt !== undefined && typed !== undefined) {
      found.push({ line, prompt, typed: [typed], printed: [], interrupted: false });
    } else if (current === undefined) {
      throw new Error(`line ${line}: a console block starts with a prompt and what is typed, not with "${text}"`);
    } else if (current.interrupted) {
      throw new Error(`line ${line}: nothing is printed after ${INTERRUPT}, but here stands "${text}"`);
    } else if (text === INTERRUPT) current.interrupted = true;
    else if (CONTINUED.test(text) && current.printed.length === 0) current.typed.push(CONTINUED.exec(text)?.[1] ?? "");
    else if (text.trim() !== "" && !LEFT_OUT.test(text)) current.printed.push(text);
  }
  return found.map(({ typed, ...step }, i) => ({
    ...step,
    typed: typed.join("\n"),
    shown: i === 0 ? shownBefore : "",
  }));
}
