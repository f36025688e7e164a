import path from "node:path";
import type { SourceFile } from "typescript/unstable/ast";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";

const root = path.resolve(import.meta.dirname, "../..");

/** Syntax trees by file, relative to the folder of the `tsconfig.json`: `src/dns/answer.ts`. */
export type SyntaxTrees = ReadonlyMap<string, SourceFile>;

/** Parses the project's own files below `folder` (`src/`) with the compiler that checks them. */
export function parseProject(folder: string): SyntaxTrees {
  return parse(new API({ cwd: root }), root, folder);
}

/** Parses sources that exist only in memory, by their names: `plan.ts`. */
export function parseSources(sources: Readonly<Record<string, string>>): SyntaxTrees {
  const at = "/sources";
  const files = Object.entries(sources).map(([file, text]) => [path.posix.join(at, file), text]);
  const fs = createVirtualFileSystem({
    [`${at}/tsconfig.json`]: JSON.stringify({ compilerOptions: { noLib: true, types: [] } }),
    ...Object.fromEntries(files),
  });
  return parse(new API({ cwd: at, fs }), at, "");
}

function parse(api: API, at: string, folder: string): SyntaxTrees {
  try {
    const snapshot = api.updateSnapshot({ openProjects: [path.join(at, "tsconfig.json")] });
    const [project] = snapshot.getProjects();
    if (project === undefined) throw new Error(`Cannot open the project in "${at}"`);
    const files = project.rootFiles.filter((file) => path.relative(at, file).startsWith(folder));
    return new Map(
      files.map((file) => {
        const tree = project.program.getSourceFile(file);
        if (tree === undefined) throw new Error(`Cannot parse "${file}"`);
        return [path.relative(at, file), tree];
      }),
    );
  } finally {
    api.close();
  }
}
