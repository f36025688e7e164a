import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { exclusively } from "../journal/exclusively.ts";
import { MAKE_TEMPLATE_MAX_MS, makeTemplate } from "./make-template.ts";
import { TEMPLATE_PREFIX, templateFolder } from "./template-folder.ts";

/** Options of {@link ensureTemplate}. */
export interface EnsureTemplateOptions {
  readonly cacheFolder: string;
  readonly archives: readonly string[];
  /** Where containerd is looked for. Default: `PATH`. */
  readonly searchPath?: string;
  /** Fills the folder, which does not exist. Default: {@link makeTemplate}. */
  readonly make?: typeof makeTemplate;
}

/** Longer than the process that has the lock takes. */
const WAIT_MS = MAKE_TEMPLATE_MAX_MS + 10_000;

/**
 * Makes the template for these archives and this machine's containerd, unless it exists. Removes older templates.
 *
 * One process of this machine makes it, others wait and use it. The folder appears complete or not at all.
 *
 * @returns the template's folder.
 */
export async function ensureTemplate(options: EnsureTemplateOptions): Promise<string> {
  const { cacheFolder, archives, searchPath, make = makeTemplate } = options;
  const folder = await templateFolder(cacheFolder, archives, searchPath);
  if (folder === undefined) throw new Error("Cannot make an image template: containerd or an archive is missing");
  if (existsSync(folder)) return folder;
  const lock = createHash("sha256").update(cacheFolder).digest("hex").slice(0, 16);
  const makeIt = async () => {
    if (existsSync(folder)) return;
    await removeOthers(cacheFolder);
    const draft = `${folder}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await make(draft, archives);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  };
  await exclusively(`make the image template ${lock}`, makeIt, { waitMs: WAIT_MS });
  return folder;
}

/** Older templates, and drafts of processes that were killed. */
async function removeOthers(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => name.startsWith(TEMPLATE_PREFIX));
  await Promise.all(names.map((name) => rm(path.join(cacheFolder, name), { recursive: true, force: true })));
}
