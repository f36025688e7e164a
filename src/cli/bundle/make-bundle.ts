import { execFile } from "node:child_process";
import { readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";

/**
 * Makes one bundle of the whole program, so that a process is ready in a tenth of a second instead of half a second.
 *
 * Run by the launcher when a source is newer than the bundle. What is loaded by its file's name has an entry of its own,
 * at the path that it has below `src`.
 */
const root = path.resolve(import.meta.dirname, "../..");
const cache = path.join(root, ".cache");
const name = `bundle-${Date.now()}-${process.pid}`;
const outdir = path.join(cache, name);

/**
 * Importing `node:http` as a module reads every one of its properties, and three of them load a whole HTTP client
 * (undici): 40 ms in each process that never uses it. Taken as an object, it is only read where it is used.
 */
const httpWithoutUndici: Plugin = {
  name: "http-without-undici",
  setup(plugin) {
    plugin.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === "import-statement"
        ? { path: "http", namespace: "builtin-object" }
        : { path: "node:http", external: true },
    );
    plugin.onLoad({ filter: /.*/, namespace: "builtin-object" }, () => {
      const lazy = ["WebSocket", "CloseEvent", "MessageEvent"];
      const names = Object.keys(http).filter((key) => !lazy.includes(key));
      return {
        contents: `const http = process.getBuiltinModule("node:http");
          export const { ${names.join(", ")} } = http;
          export default http;`,
      };
    });
  },
};

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

await build({
  absWorkingDir: root,
  entryPoints: [
    "src/cli/main.ts",
    "src/store/sqlite/writer-worker.ts",
    "src/apiserver/http/large-body/parse-worker.ts",
  ],
  outbase: "src",
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  sourcemap: "linked",
  sourcesContent: false,
  chunkNames: "chunks/[name]-[hash]",
  external: ["esbuild"],
  define: { FAIRLEAD_BUILD: JSON.stringify({ ...(await sourcesOf(root)), date }) },
  plugins: [httpWithoutUndici],
  // Packages in the older module format ask for Node's own modules with `require`.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await writeFile(path.join(outdir, "stamp"), "");
await publish();

/** Puts the new bundle in the place of the old one in one step: whoever starts meanwhile gets the one or the other. */
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
  await Promise.all(entries.map((entry) => rm(path.join(compiled, entry), { recursive: true, force: true })));
}
