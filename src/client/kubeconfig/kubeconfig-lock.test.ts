import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { identifyProcess } from "@fairlead/lib/process-identity";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { editKubeconfigFile } from "./kubeconfig-file.ts";

/** Kills itself in the middle of an edit. The argument is the file. */
const KILLED_EDITOR = `
  const { editKubeconfigFile } = await import(${JSON.stringify(new URL("kubeconfig-file.ts", import.meta.url).href)});
  const { writeFile } = await import("node:fs/promises");
  await writeFile(process.argv[1] + "." + process.pid + ".tmp", "half of the secrets");
  await editKubeconfigFile(process.argv[1], () => process.kill(process.pid, "SIGKILL"));
`;

async function fileOfKilledEditor(t: TestContext): Promise<string> {
  const file = path.join(await temporaryFolder(t), "config");
  const editor = spawn(process.execPath, ["--input-type=module", "-e", KILLED_EDITOR, file], { stdio: "ignore" });
  const [, signal] = await once(editor, "exit");
  assert.equal(signal, "SIGKILL");
  assert.ok((await lstat(`${file}.lock`)).isSymbolicLink(), "it had the lock");
  return file;
}

test("the lock of a program that was killed is taken over, and what it had half written goes", async (t) => {
  const file = await fileOfKilledEditor(t);
  await Promise.all(["a", "b", "c"].map((line) => editKubeconfigFile(file, (text) => `${text}${line}\n`)));
  assert.deepEqual((await readFile(file, "utf8")).split("\n").sort(), ["", "a", "b", "c"]);
  assert.deepEqual(await readdir(path.dirname(file)), ["config"]);
});

const foreign: readonly { readonly name: string; readonly put: (lock: string, abandoned: string) => Promise<void> }[] =
  [
    { name: "kubectl", put: (lock) => writeFile(lock, "") },
    {
      name: "a process of another machine",
      put: (lock, abandoned) => symlink(abandoned.replace(/^fairlead /, "fairlead elsewhere-"), lock),
    },
    {
      name: "a process that lives",
      async put(lock, abandoned) {
        const own = await identifyProcess(process.pid);
        await symlink(abandoned.replace(/ \d+ \d+ /, ` ${own?.pid} ${own?.startTime} `), lock);
      },
    },
  ];

for (const { name, put } of foreign) {
  test(`a lock of ${name} is waited for, and named when it stays`, async (t) => {
    const abandoned = await readlink(`${await fileOfKilledEditor(t)}.lock`);
    const file = path.join(await temporaryFolder(t), "config");
    await put(`${file}.lock`, abandoned);
    const clock = createFakeClock();
    let isRefused = false;
    const edit = assert
      .rejects(
        editKubeconfigFile(file, () => "mine", { clock }),
        /config\.lock is there/,
      )
      .finally(() => {
        isRefused = true;
      });
    while (!isRefused) await clock.advance(50);
    await edit;
    assert.ok(await lstat(`${file}.lock`), "it is still there");
  });
}
