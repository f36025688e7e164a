import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

const left = new Set<string>();

/** Makes an empty folder for a test. It is gone when the test's file has run. */
export async function temporaryFolder(t: Pick<TestContext, "after">): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-test-"));
  if (left.size === 0) process.once("exit", removeLeft);
  left.add(folder);
  // Hooks run in the order of their registration: what writes here may be stopped by a later one, and is no fault of the test.
  t.after(() => rm(folder, { recursive: true, force: true }).catch(() => {}));
  return folder;
}

function removeLeft(): void {
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
}
