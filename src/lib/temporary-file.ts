import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A file in a folder of its own that is gone when it is disposed of. */
export async function temporaryFile(
  name: string,
  content: string | Uint8Array,
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-"));
  const file = path.join(folder, name);
  await writeFile(file, content, { mode: 0o600 });
  return { path: file, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
