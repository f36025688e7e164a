import { execFile } from "node:child_process";
import { readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import { SCRIPTS } from "./scripts.ts";

/**
 * Makes the bundle of the program: one script for the commands and one for each program of a cluster, so that a process is
 * ready in a tenth of a second instead of half a second.
 *
 * Run by the launcher when a source is newer than the bundle. Usage: `node make-bundle.ts [FOLDER]`, the folder to put the
 * bundle in; by default `.cache`.
 */
const root = path.resolve(import.meta.dirname, "../../..");
const cache = path.resolve(process.argv[2] ?? path.join(root, ".cache"));
const name = `bundle-${Date.now()}-${process.pid}`;
const outdir = path.join(cache, name);

/** What is loaded by its file's name has the path that it has below `src`. */
const FILES_WITH_A_NAME = Object.fromEntries(
  ["store/sqlite/writer-worker", "apiserver/http/large-body/parse-worker"].map((file) => [file, `src/${file}.ts`]),
);

/** Returns the commit and the state of the sources; zeros without Git or a checkout. */
async function sourcesOf(folder: string) {
  const git = async (...words: string[]) => (await promisify(execFile)("git", ["-C", folder, ...words])).stdout.trim();
  try {
    const [top, commit, changes] = [
      await git("rev-parse", "--show-toplevel"),
      await git("rev-parse", "HEAD"),
      await git("status", "--porcelain", "--untracked-files=no"),
    ];
    // A copy without a history of its own may lie inside some other checkout.
    if (path.resolve(top) === folder) return { commit, treeState: changes === "" ? "clean" : "dirty" };
  } catch {
    // Without Git or a checkout there is no commit.
  }
  return { commit: "0".repeat(40), treeState: "archive" };
}

const date = new Date().toISOString().replace(/\.\d+Z$/, "Z");

/** In the place of `import.meta`, which a script has not; see {@link SCRIPT_WRAPPER} for where the names come from. */
const IMPORT_META = {
  "import.meta.filename": "__filename",
  "import.meta.dirname": "__dirname",
  "import.meta.url": "__fileUrl",
};
const FILE_URL = 'const __fileUrl = require("node:url").pathToFileURL(__filename).href;';
/** Makes a function of a script that is given what Node gives a CommonJS module: `start.ts` calls it. */
const SCRIPT_WRAPPER = { banner: `(function (require, module, __filename, __dirname) {${FILE_URL}`, footer: "})" };

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node24",
  charset: "ascii",
  legalComments: "none",
  sourcemap: "linked",
  sourcesContent: false,
  define: { ...IMPORT_META, FAIRLEAD_BUILD: JSON.stringify({ ...(await sourcesOf(root)), date }) },
  logLevel: "warning",
};

await Promise.all([
  ...Object.entries(SCRIPTS).map(([script, source]) =>
    build({
      ...common,
      entryPoints: [source],
      outfile: path.join(outdir, "cli", `${script}.js`),
      banner: { js: SCRIPT_WRAPPER.banner },
      // Commands describe the programs' flags, and never load what runs behind them: that is in the programs' own scripts.
      external: script === "commands" ? ["@fairlead/cluster/programs/*"] : [],
      footer: { js: SCRIPT_WRAPPER.footer },
    }),
  ),
  build({
    ...common,
    entryPoints: { "cli/main": "src/cli/bundle/start.ts", ...FILES_WITH_A_NAME },
    outdir,
    banner: { js: FILE_URL },
  }),
]);
// The package around it is one of ES modules.
await writeFile(path.join(outdir, "package.json"), '{ "type": "commonjs" }\n');
await writeFile(path.join(outdir, "stamp"), "");
await publish();

/** Puts the new bundle in the place of the old one in one step: a process that starts meanwhile gets one of the two. */
async function publish(): Promise<void> {
  const draft = path.join(cache, `${name}.link`);
  await symlink(name, draft);
  await rename(draft, path.join(cache, "bundle"));
  // The newest of the others may be starting right now: it is kept until the next time.
  const others = (await readdir(cache)).filter((entry) => /^bundle-\d+-\d+$/.test(entry) && entry !== name).sort();
  await Promise.all(others.slice(0, -1).map((entry) => rm(path.join(cache, entry), { recursive: true, force: true })));
  // Compiled code is found by the path of its file, which has never been used before. Running machines have the folder mounted.
  const compiled = path.join(cache, "compile");
  const entries = await readdir(compiled).catch(() => []);
  // Programs of the bundle before may still write theirs.
  const removal = { recursive: true, force: true, maxRetries: 10 };
  await Promise.all(entries.map((entry) => rm(path.join(compiled, entry), removal)));
}
