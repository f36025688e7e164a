import { open } from "node:fs/promises";
import { readIfThere } from "@fairlead/lib/read-if-there";
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

/** Opens the journal to write more. A line that a crash has cut off is ended: the next entry must not become part of it. */
export async function openJournal(file: string): Promise<Journal> {
  const written = (await readIfThere(file)) ?? "";
  const handle = await open(file, "a", 0o600);
  if (written !== "" && !written.endsWith("\n")) await handle.appendFile("\n");
  let last: Promise<void> = Promise.resolve();
  return {
    add(resource) {
      const done = last.then(async () => {
        await handle.appendFile(`${JSON.stringify(resource)}\n`);
        await handle.datasync();
      });
      // A failed entry is its caller's error; the next one is tried all the same.
      last = done.catch(() => {});
      return done;
    },
    close: () => handle.close(),
  };
}

/** Every resource that may exist, in the order in which they were made. A missing journal is an empty one. */
export async function readJournal(file: string): Promise<readonly Resource[]> {
  const text = (await readIfThere(file)) ?? "";
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
