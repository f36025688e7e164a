import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { constants, Script } from "node:vm";
import { keepCompiledCode, readCompiledCode, removeCompiledCode } from "./compiled-code.ts";
import { chooseScript } from "./scripts.ts";

/**
 * Times after the start at which a program keeps its compiled code, in milliseconds: once started, and after some work. A slow
 * machine is still starting pods after two seconds: code kept then makes the next start 10 % dearer than code kept later.
 */
const KEPT_AFTER_MS = [2_000, 5_000, 10_000];
/** When a program that has found code keeps what it has compiled since, such as what starts a pod in the first cluster with one. */
const RENEWED_AFTER_MS = [60_000];

/**
 * The first file of the bundle: loads the script that the command line needs, with its compiled code.
 *
 * Node's own compile cache keeps a script in its state before it runs: without the functions that are compiled when they are
 * first called, which is most of them. This file keeps it later, with every function that was compiled until then.
 */
const { script: name, use } = chooseScript(process.argv.slice(2));
const file = path.join(import.meta.dirname, `${name}.js`);
const folder = process.env.NODE_COMPILE_CACHE;
// A new bundle has a folder of another name: what was compiled for the old one is never taken for it.
const bundle = path.basename(path.resolve(import.meta.dirname, ".."));
const codeFile = folder === undefined ? undefined : path.join(folder, `${bundle}-${use}.code`);

const cachedData = codeFile === undefined ? undefined : readCompiledCode(codeFile);
// The scripts hold nothing but ASCII: so read, their text takes one byte a character.
const script = new Script(readFileSync(file, "latin1"), {
  filename: file,
  cachedData,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const isFound = cachedData !== undefined && script.cachedDataRejected !== true;
if (codeFile !== undefined) {
  // Whatever its size: code of another version of V8, too.
  if (!isFound) removeCompiledCode(codeFile);
  keepCode(codeFile);
}
script.runInThisContext()(createRequire(file), { exports: {} }, file, import.meta.dirname);

/** Keeps the compiled code of a program that has started, or of a command that has done its work. */
function keepCode(to: string): void {
  const keep = () => keepCompiledCode(to, script.createCachedData());
  if (name !== "commands") {
    // A program's machine may be killed: it keeps nothing at its exit.
    for (const ms of isFound ? RENEWED_AFTER_MS : KEPT_AFTER_MS) setTimeout(keep, ms).unref();
  } else if (!isFound) {
    // A command that fails has used too little of its code.
    process.once("exit", (exitCode) => exitCode === 0 && keep());
  }
}
