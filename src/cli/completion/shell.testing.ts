import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { testClusterConfig } from "@fairlead/cluster/cluster.testing";
import { writeClusterConfig } from "@fairlead/cluster/description/cluster-config";
import { stateFolder, stateHome } from "@fairlead/cluster/description/state-folder";

const FAIRLEAD = path.resolve(import.meta.dirname, "../../../fairlead");

/** A shell at a terminal, into which a test types. */
export interface TypedShell extends AsyncDisposable {
  /** Types the keys and answers what stands on the command line then. The line is empty again afterwards. */
  line(keys: string): Promise<string>;
  /** Everything that the terminal has shown. */
  shown(): string;
}

export interface ShellOptions {
  /** Made by {@link makeShellHome}. */
  readonly home: string;
  /** The shell, started so that it reads no file of the user's. */
  readonly command: string;
  /** Typed first. Has to bind Ctrl-T to writing the command line as a line of the file `$SHOWN`. */
  readonly setUp: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Ctrl-T and Ctrl-U. */
const SHOW = "\u0014\u0015";
const PROMPT = "ready> ";
const WAIT_MS = 15_000;

/** Starts a shell. Resolves when it reads keys. */
export async function startShell({ home, command, setUp, env }: ShellOptions): Promise<TypedShell> {
  const file = path.join(home, "shown");
  await writeFile(file, "");
  const child: ChildProcess = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: home,
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: `${path.join(home, "bin")}:${process.env.PATH}`,
      HOME: home,
      FAIRLEAD_HOME: path.join(home, "fairlead"),
      SHOWN: file,
      TERM: "dumb",
      PS1: PROMPT,
      INPUTRC: "/dev/null",
      LANG: "C.UTF-8",
      ...env,
    },
  });
  let shown = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    shown += bytes;
  });
  let lines = 0;
  const line = async (keys: string) => {
    child.stdin?.write(keys + SHOW);
    const written = async () => (await readFile(file, "utf8")).split("\n").slice(0, -1);
    await until(async () => (await written()).length > lines, shell);
    const all = await written();
    lines = all.length;
    return all.at(-1) ?? "";
  };
  const shell: TypedShell = {
    line,
    shown: () => shown,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    },
  };
  const prompts = () => shown.split(PROMPT).length - 1;
  try {
    // Keys that come before the shell has set up the terminal would be read by the terminal itself.
    await until(() => prompts() > 0, shell);
    for (const [i, typed] of setUp.entries()) {
      child.stdin?.write(`${typed}\n`);
      await until(() => prompts() > i + 1, shell);
    }
    return shell;
  } catch (error) {
    await shell[Symbol.asyncDispose]();
    throw error;
  }
}

async function until(isSo: () => boolean | Promise<boolean>, shell: Pick<TypedShell, "shown">): Promise<void> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The shell does nothing: ${shell.shown()}`);
}

/** Makes a home: `bin/fairlead` is a link to the launcher, `shop` a cluster of two nodes, `files` has some. */
export async function makeShellHome(): Promise<ShellHome> {
  const home = await mkdtemp(path.join(tmpdir(), "fairlead-shell-"));
  await mkdir(path.join(home, "bin"));
  await symlink(FAIRLEAD, path.join(home, "bin/fairlead"));
  const folder = stateFolder("shop", stateHome({ FAIRLEAD_HOME: path.join(home, "fairlead") }));
  await mkdir(folder.logs, { recursive: true });
  await writeClusterConfig(folder.config, testClusterConfig({ name: "shop", nodes: 2 }));
  await writeFile(path.join(folder.logs, "shop-1-server.log"), "");
  await mkdir(path.join(home, "files/a folder"), { recursive: true });
  await writeFile(path.join(home, "files/quote.yaml"), "");
  // A shell that was killed may still be writing.
  const gone = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  return { home, [Symbol.asyncDispose]: gone };
}

/** Gone with all that is in it when it is disposed of. */
export interface ShellHome extends AsyncDisposable {
  readonly home: string;
}

/** What is typed, with `<TAB>` for the key, and what has to stand there then: the same in every shell. */
export const TYPED: readonly { readonly keys: string; readonly want: string }[] = [
  { keys: "fairlead stat<TAB>", want: "fairlead status " },
  { keys: "fairlead node rem<TAB>", want: "fairlead node remove " },
  { keys: "fairlead node remove --name shop shop-2<TAB>", want: "fairlead node remove --name shop shop-2 " },
  { keys: "fairlead ip --name=shop shop-1<TAB>", want: "fairlead ip --name=shop shop-1 " },
  { keys: "fairlead status --na<TAB>", want: "fairlead status --name " },
  { keys: "fairlead status --name s<TAB>", want: "fairlead status --name shop " },
  { keys: "fairlead status --name=s<TAB>", want: "fairlead status --name=shop " },
  { keys: "fairlead status -o j<TAB>", want: "fairlead status -o json " },
  { keys: "fairlead up --uplink=sl<TAB>", want: "fairlead up --uplink=slirp4netns " },
  { keys: "fairlead logs --name shop shop-1/<TAB>", want: "fairlead logs --name shop shop-1/server " },
  { keys: "fairlead completion f<TAB>", want: "fairlead completion fish " },
  { keys: "fairlead up -f files/q<TAB>", want: "fairlead up -f files/quote.yaml " },
  { keys: "fairlead up --file=files/q<TAB>", want: "fairlead up --file=files/quote.yaml " },
  { keys: "fairlead image build files/a<TAB>", want: "fairlead image build files/a\\ folder/" },
  { keys: "fairlead ip --name nowhere x<TAB>", want: "fairlead ip --name nowhere x" },
  { keys: "bin/fairlead vers<TAB>", want: "bin/fairlead version " },
  { keys: "~/bin/fairlead vers<TAB>", want: "~/bin/fairlead version " },
];
