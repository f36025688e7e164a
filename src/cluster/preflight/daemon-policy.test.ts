import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { removeLeftPolicy, withoutDaemons } from "./daemon-policy.ts";

async function policyFile(t: TestContext): Promise<string> {
  return path.join(await temporaryFolder(t), "policy-rc.d");
}

/** Kills itself while it installs packages. The argument is the policy's file. */
const KILLED_INSTALLER = `
  const { withoutDaemons } = await import(${JSON.stringify(new URL("daemon-policy.ts", import.meta.url).href)});
  await withoutDaemons(() => process.kill(process.pid, "SIGKILL"), process.argv[1]);
`;

async function leftPolicy(t: TestContext): Promise<string> {
  const file = await policyFile(t);
  const installer = spawn(process.execPath, ["--input-type=module", "-e", KILLED_INSTALLER, file], { stdio: "ignore" });
  const [, signal] = await once(installer, "exit");
  assert.equal(signal, "SIGKILL");
  assert.ok(existsSync(file));
  return file;
}

test("packages start no daemons while they are installed, and may afterwards, also when it fails", async (t) => {
  const file = await policyFile(t);
  const refused = new Error("no such package");
  const install = async () => {
    assert.match(await readFile(file, "utf8"), /^exit 101$/m);
    assert.equal((await stat(file)).mode & 0o100, 0o100);
    throw refused;
  };
  await assert.rejects(withoutDaemons(install, file), refused);
  assert.equal(existsSync(file), false);
});

test("a policy that a killed program left is removed by the next one", async (t) => {
  const file = await leftPolicy(t);
  await removeLeftPolicy(file);
  assert.equal(existsSync(file), false);
});

test("a policy that a killed program left is removed after the next installation", async (t) => {
  const file = await leftPolicy(t);
  await withoutDaemons(async () => assert.ok(existsSync(file)), file);
  assert.equal(existsSync(file), false);
});

test("a policy of the machine's own is kept", async (t) => {
  const file = await policyFile(t);
  await writeFile(file, "#!/bin/sh\nexit 101\n");
  await removeLeftPolicy(file);
  assert.equal(await withoutDaemons(async () => "installed", file), "installed");
  assert.equal(await readFile(file, "utf8"), "#!/bin/sh\nexit 101\n");
});
