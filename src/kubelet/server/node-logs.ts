import { constants } from "node:fs";
import { type FileHandle, open, readdir, readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Answer } from "./answer-request.ts";
import { Refusal } from "./refusal.ts";

/** The first bytes of a file decide whether it is text. */
const SNIFFED_BYTES = 512;
/** Bytes that no text has: control characters but for tab, line feed, form feed, carriage return and escape. */
const BINARY = new Set([...Array(0x20).keys()].filter((byte) => ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte)));

/**
 * Answers with a file or a list of a folder's files, as upstream's `/logs/`. Unlike upstream's, it does not follow links
 * out of the folder: a container that mounts the folder could make one.
 *
 * @param folder - The node's own logs: `/var/log`.
 * @param asked - The path below `/logs`, decoded: `/pods/x/0.log`. Ends with `/` for a folder.
 * @throws {@link Refusal} 400 for paths with `..`, 404 for missing files, 403 for anything but files and folders in `folder`.
 */
export async function nodeLogs(folder: string, asked: string): Promise<Answer> {
  if (asked.split("/").includes("..") || asked.includes("\0")) throw new Refusal(400, "invalid URL path");
  const root = await realpath(folder).catch(refused);
  const real = await realpath(path.join(root, asked, ".").replace(/\/$/, "")).catch(refused);
  if (!isBelow(real, root)) throw new Refusal(403, "403 Forbidden");
  const found = await stat(real).catch(refused);
  if (found.isDirectory()) return asked.endsWith("/") ? listed(await readdir(real, NAMES)) : movedTo(`${last(asked)}/`);
  if (!found.isFile()) throw new Refusal(403, "403 Forbidden");
  return asked.endsWith("/") ? movedTo(`../${last(asked)}`) : await content(real, root);
}

const NAMES = { withFileTypes: true } as const;

async function content(real: string, root: string): Promise<Answer> {
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(refused);
  try {
    // A folder on the way may have been replaced by a link since it was resolved.
    const opened = await readlink(`/proc/self/fd/${file.fd}`);
    const { size, mtime } = await file.stat();
    if (!isBelow(opened, root)) throw new Refusal(403, "403 Forbidden");
    return {
      contentType: (await isText(file)) ? "text/plain; charset=utf-8" : "application/octet-stream",
      headers: { "Content-Length": String(size), "Last-Modified": mtime.toUTCString() },
      pieces: pieces(file, size),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Only as much as there was at the start: a log may grow faster than it is sent. */
async function* pieces(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  try {
    if (size > 0) yield* file.createReadStream({ start: 0, end: size - 1, autoClose: false });
  } finally {
    await file.close();
  }
}

async function isText(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  return !buffer.subarray(0, bytesRead).some((byte) => BINARY.has(byte));
}

function listed(entries: readonly { readonly name: string; isDirectory(): boolean }[]): Answer {
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  const links = names.map((name) => `<a href="${encodeURI(name).replaceAll(/[?#"']/g, escaped)}">${html(name)}</a>\n`);
  const text = `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join("")}</pre>\n`;
  return { contentType: "text/html; charset=utf-8", pieces: [Buffer.from(text)] };
}

function movedTo(location: string): Answer {
  return { status: 301, contentType: "text/plain; charset=utf-8", headers: { Location: location }, pieces: [] };
}

function last(asked: string): string {
  return encodeURIComponent(path.basename(asked) || "logs");
}

function isBelow(target: string, root: string): boolean {
  return target === root || target.startsWith(`${root}/`);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function refused(error: NodeJS.ErrnoException): never {
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "ELOOP") {
    throw new Refusal(403, "403 Forbidden", { cause: error });
  }
  throw new Refusal(404, "404 page not found", { cause: error });
}
