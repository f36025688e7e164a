import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import { hostsFiles } from "./hosts-files.ts";
import type { Registries } from "./registries.ts";

/**
 * Makes a folder hold the `hosts.toml` files, and nothing else. At no time is one that stays missing: containerd, which
 * reads them at each pull, would ask another registry.
 */
export async function writeHostsFiles(folder: string, registries: Registries): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = hostsFiles(registries);
  // Certificates first: they are there when a file names them.
  for (const file of files.toSorted((a, b) => Number(isHosts(a.path)) - Number(isHosts(b.path)))) {
    const target = path.join(folder, file.path);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await writeFileAtomically(target, file.text);
  }
  const wanted = new Set(files.flatMap((file) => [file.path, path.dirname(file.path)]));
  const there = await readdir(folder, { recursive: true });
  const left = there.filter((name) => !wanted.has(name));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

function isHosts(file: string): boolean {
  return path.basename(file) === "hosts.toml";
}
