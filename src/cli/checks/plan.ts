/** One check of the project: programs that exit with 0 when all is well. */
export interface Check {
  readonly name: string;
  readonly commands: readonly CheckCommand[];
  /** How many of the commands run at once. Those that run side by side are printed when they have ended, a block each. */
  readonly jobs: number;
}

/** A program of a check, with its arguments. */
export interface CheckCommand {
  /** What it checks, for people. */
  readonly label: string;
  readonly words: readonly [string, ...string[]];
}

/** What `fairlead test` was asked for, and what there is. */
export interface Wish {
  readonly fast: boolean;
  readonly lab: boolean;
  /** Test files to run at once, relative to the root; empty: all checks. */
  readonly named: readonly string[];
  /** Every test file, relative to the root, with slashes. */
  readonly testFiles: readonly string[];
  readonly node: string;
  /** As Node.js names it: `x64`. */
  readonly arch: string;
  readonly processors: number;
}

/** Lab files that run at once at most: each may have three nodes of some 150 MB. */
const LABS_MAX = 4;
/** Lab files that run at once for each processor: they wait for probes, pauses and grace periods much of their time. */
const LABS_PER_PROCESSOR = 1.5;

/** Fast test files that one runner gets at most: started last, a large group would run alone at the end. */
const GROUP_MAX = 30;

/** Files that take longest, longest first: started last, one of them would run alone at the end. */
export const LONGEST: readonly string[] = [
  "test/corpus.test.ts",
  "test/crash/server-crash.test.ts",
  "src/store/sqlite/crash.test.ts",
  "test/escapes/escapes.test.ts",
  "src/store/sqlite/conversion-crash.test.ts",
  "src/cli/completion/bash.test.ts",
  "src/apiserver/hostile-cost.test.ts",
  "src/controllers/deployment/rollouts.test.ts",
  "src/controllers/persistentvolumebinder/interruptions.test.ts",
  "test/lab/server-crash.test.ts",
  "test/lab/adversity.test.ts",
  "test/lab/clock-set.test.ts",
  "test/lab/faults-under-load.test.ts",
  "test/lab/images.test.ts",
  "test/lab/service-nodes.test.ts",
  "test/lab/commands.test.ts",
];

/** Whether the file needs root and runs in namespaces of its own. */
export function isLabFile(file: string): boolean {
  return file.startsWith("test/lab/");
}

/** Returns the checks in the order in which they run. Files that are named run without types and lint of the whole. */
export function planChecks(wish: Wish): Check[] {
  const { named, node, processors } = wish;
  const files = named.length > 0 ? named : wish.testFiles;
  const fast = wish.lab ? [] : longestFirst(files.filter((file) => !isLabFile(file)));
  const lab = wish.fast ? [] : longestFirst(files.filter(isLabFile));
  return [
    ...(named.length > 0 || wish.lab ? [] : checksOfSources(wish.arch)),
    ...(fast.length === 0
      ? []
      : [named.length > 0 ? namedTests(node, fast, processors) : fastTests(node, fast, processors)]),
    ...(lab.length === 0 ? [] : [labTests(node, lab, Math.min(LABS_MAX, Math.ceil(processors * LABS_PER_PROCESSOR)))]),
  ];
}

function checksOfSources(arch: string): Check[] {
  const biome = `node_modules/@biomejs/cli-linux-${arch}/biome`;
  return [
    { name: "Types", commands: [{ label: "types", words: ["node_modules/.bin/tsc", "--noEmit"] }], jobs: 1 },
    {
      name: "Lint and format",
      commands: [{ label: "lint and format", words: [biome, "check", "--error-on-warnings", "."] }],
      jobs: 1,
    },
  ];
}

/** One runner, with a file for each processor: by itself it would leave one processor idle. */
function namedTests(node: string, files: readonly string[], processors: number): Check {
  const words = [node, "--test", `--test-concurrency=${processors}`, ...files] as const;
  return { name: "Fast tests", commands: [{ label: files.join(" "), words }], jobs: 1 };
}

/**
 * A runner for each group of files, and one group for each processor at a time. One runner for all sorts its files, so that the
 * longest ones run alone at the end.
 */
function fastTests(node: string, files: readonly string[], processors: number): Check {
  const commands = groupsOf(files).map((group): CheckCommand => {
    const [first, last] = [group.at(0), group.at(-1)];
    const label = group.length === 1 ? `${first}` : `${group.length} files, ${first} to ${last}`;
    return { label, words: [node, "--test", "--test-concurrency=1", ...group] };
  });
  return { name: "Fast tests", commands, jobs: processors };
}

/** The longest files alone, then the others in groups. */
function groupsOf(files: readonly string[]): string[][] {
  const groups = files.filter((file) => LONGEST.includes(file)).map((file) => [file]);
  const others = files.filter((file) => !LONGEST.includes(file));
  for (let at = 0; at < others.length; at += GROUP_MAX) groups.push(others.slice(at, at + GROUP_MAX));
  return groups;
}

/**
 * A runner for each file, which makes a lab of its own: namespaces with no way out, and what was started in it ends with
 * it. So files run side by side.
 */
function labTests(node: string, files: readonly string[], jobs: number): Check {
  return { name: "Lab tests", commands: files.map((file) => ({ label: file, words: [node, "--test", file] })), jobs };
}

function longestFirst(files: readonly string[]): string[] {
  return [...LONGEST.filter((file) => files.includes(file)), ...files.filter((file) => !LONGEST.includes(file))];
}
