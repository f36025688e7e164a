import { type FSWatcher, watch } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import path from "node:path";
import { createLogFilter } from "./log-filter.ts";
import type { LogOptions } from "./log-options.ts";
import { tailOffset } from "./tail-offset.ts";

export interface LogSource {
  /** Absolute path of the container's log file. */
  readonly path: string;
  /** Whether more may be written to it. Asked only when following, at the end of the file. */
  readonly running: () => Promise<boolean>;
  /** Ends following. */
  readonly signal: AbortSignal;
}

/** How long to wait for a change before looking again: file notification may be late or missing. */
const LOOK_AGAIN_MS = 1_000;
const READ_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * Opens a container's log, to be read in pieces: the caller must iterate it. Following goes on across rotation: the old file is read to its end, then the new
 * one from its beginning.
 *
 * @throws Error of the file system when the file cannot be read.
 */
export async function readLog(source: LogSource, options: LogOptions): Promise<AsyncIterable<Buffer>> {
  return pieces(source, options, await open(source.path));
}

async function* pieces(source: LogSource, options: LogOptions, opened: FileHandle): AsyncGenerator<Buffer> {
  const filter = createLogFilter(options);
  const changes = options.follow ? watchFolder(path.dirname(source.path)) : undefined;
  let file = opened;
  let unfinished: Buffer = Buffer.alloc(0);
  let ended = false;
  /** The path leads to a newer file. */
  let leaving = false;
  try {
    let offset = options.tailLines === undefined ? 0 : await tailOffset(file, options.tailLines);
    for (;;) {
      const piece = await readPiece(file, offset);
      offset += piece.length;
      const { lines, rest } = splitLines(Buffer.concat([unfinished, piece]));
      unfinished = rest;
      const sent = Buffer.concat(lines.map((line) => filter.push(line)));
      if (sent.length > 0) yield sent;
      if (filter.full || source.signal.aborted) return;
      if (piece.length > 0) continue;

      if (!options.follow) {
        yield filter.push(unfinished);
        return;
      }
      if (!leaving && (await wasRotated(file, source.path))) {
        // Lines may have been written between the read and the move: once more to the end.
        leaving = true;
      } else if (leaving) {
        const next = await open(source.path);
        await file.close();
        file = next;
        offset = 0;
        leaving = false;
      } else if (ended) {
        yield filter.push(unfinished);
        return;
      } else if (await source.running()) await changes?.next(source.signal);
      else ended = true;
    }
  } finally {
    changes?.close();
    await file.close();
  }
}

async function readPiece(file: FileHandle, offset: number): Promise<Buffer> {
  const buffer = Buffer.alloc(READ_BYTES);
  const { bytesRead } = await file.read(buffer, 0, READ_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}

function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end + 1));
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}

/** Whether the path leads to another file by now. Between the move and the new file it leads to none: not yet. */
async function wasRotated(file: FileHandle, logPath: string): Promise<boolean> {
  const [ours, there] = await Promise.all([file.stat(), stat(logPath).catch(() => undefined)]);
  return there !== undefined && there.ino !== ours.ino;
}

interface FolderChanges {
  /** Resolves at the next change, after {@link LOOK_AGAIN_MS}, or when the signal is aborted; at once for a change since the last call. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

function watchFolder(folder: string): FolderChanges {
  let changed = false;
  let wake: (() => void) | undefined;
  const notice = () => {
    changed = true;
    wake?.();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, { persistent: false }, notice).on("error", () => {});
  } catch {
    // Out of inotify watches: looking again every second will do.
    watcher = undefined;
  }
  return {
    async next(signal) {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, LOOK_AGAIN_MS);
          wake = done;
          signal.addEventListener("abort", done, { once: true });
          function done() {
            clearTimeout(timer);
            signal.removeEventListener("abort", done);
            wake = undefined;
            resolve();
          }
        });
      }
      changed = false;
    },
    close: () => watcher?.close(),
  };
}
