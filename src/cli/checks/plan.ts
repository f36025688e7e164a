/** One check of the project: programs that exit with 0 when all is well. */
export interface Check {
  readonly name: string;
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** How many of the commands run at once. Those that run side by side are printed when they have ended, a block each. */
  readonly jobs: number;
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

/** Lab files that take longest, longest first: started last, one of them would run alone at the end. */
export const LONGEST: readonly string[] = [
  "test/lab/adversity.test.ts",
  "test/lab/clock-set.test.ts",
  "test/lab/server-crash.test.ts",
  "test/lab/faults-under-load.test.ts",
  "test/lab/images.test.ts",
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
  const fast = wish.lab ? [] : files.filter((file) => !isLabFile(file));
  const lab = wish.fast ? [] : longestFirst(files.filter(isLabFile));
  return [
    ...(named.length > 0 || wish.lab ? [] : checksOfSources(wish.arch)),
    ...(fast.length === 0 ? [] : [fastTests(node, fast, processors)]),
    ...(lab.length === 0 ? [] : [labTests(node, lab, Math.min(LABS_MAX, processors))]),
  ];
}

function checksOfSources(arch: string): Check[] {
  const biome = `node_modules/@biomejs/cli-linux-${arch}/biome`;
  return [
    { name: "Types", commands: [["node_modules/.bin/tsc", "--noEmit"]], jobs: 1 },
    { name: "Lint and format", commands: [[biome, "check", "--error-on-warnings", "."]], jobs: 1 },
  ];
}

/** One runner for all, with a file for each processor: by itself it would leave one processor idle. */
function fastTests(node: string, files: readonly string[], processors: number): Check {
  return { name: "Fast tests", commands: [[node, "--test", `--test-concurrency=${processors}`, ...files]], jobs: 1 };
}

/**
 * A runner for each file, which makes a lab of its own: namespaces with no way out, and what was started in it ends with
 * it. So files run side by side: much of their time is spent waiting for probes and grace periods.
 */
function labTests(node: string, files: readonly string[], jobs: number): Check {
  return { name: "Lab tests", commands: files.map((file) => [node, "--test", file]), jobs };
}

function longestFirst(files: readonly string[]): string[] {
  return [...LONGEST.filter((file) => files.includes(file)), ...files.filter((file) => !LONGEST.includes(file))];
}
