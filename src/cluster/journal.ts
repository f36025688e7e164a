import { open, readFile } from "node:fs/promises";
import type { Resource } from "./resources.ts";

/**
 * What this cluster has made on the machine, written down before it is made.
 *
 * One JSON object a line, only ever appended to. A crash can leave a resource in the journal that was never
 * made: taking away what is not there does nothing. It can never leave one that is not in the journal.
 */
export interface Journal {
  /** Resolves when the entry is on the disk. */
  add(resource: Resource): Promise<void>;
  close(): Promise<void>;
}

export async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, "a", 0o600);
  let last: Promise<void> = Promise.resolve();
  return {
    add(resource) {
      const written = last.then(async () => {
        await handle.appendFile(`${JSON.stringify(resource)}\n`);
        await handle.datasync();
      });
      // A failed entry is its caller's error; the next one is tried all the same.
      last = written.catch(() => {});
      return written;
    },
    close: () => handle.close(),
  };
}

/** Every resource that may exist, in the order in which they were made. A missing journal is an empty one. */
export async function readJournal(file: string): Promise<readonly Resource[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap(parseEntry);
}

/** A line cut off by a crash names a resource that was not made: writing it came first. */
function parseEntry(line: string): Resource[] {
  if (line === "") return [];
  try {
    return [JSON.parse(line) as Resource];
  } catch {
    return [];
  }
}
