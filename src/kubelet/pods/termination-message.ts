import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import type { RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { LogOptions } from "../server/logs/log-options.ts";
import { readLog } from "../server/logs/read-log.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import type { PodPaths } from "../volumes/pod-paths.ts";

const MESSAGE_BYTES_MAX = 4_096;
const LOG_BYTES_MAX = 2_048;
/** At most 80 lines: upstream's limit. */
const END_OF_LOG: LogOptions = {
  follow: false,
  previous: false,
  timestamps: false,
  tailLines: 80,
  limitBytes: undefined,
  since: 0,
  stream: "All",
};

/** The file that one instance of a container may leave a last message in; makes it, empty and writable for all. */
export async function makeTerminationFile(paths: PodPaths, name: string, attempt: number): Promise<string> {
  const file = terminationFile(paths, name, attempt);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, "", { mode: 0o666 });
  const handle = await open(file, "r");
  await handle.chmod(0o666);
  await handle.close();
  return file;
}

/**
 * Returns the last message of a container that has ended: its message file, or the end of its log where the spec falls
 * back to it.
 */
export async function terminationMessage(
  paths: PodPaths,
  spec: Pick<AnyContainer, "terminationMessagePolicy">,
  instance: RuntimeContainer,
): Promise<string> {
  const message = await tail(terminationFile(paths, instance.name, instance.attempt), MESSAGE_BYTES_MAX);
  const fallBack = spec.terminationMessagePolicy === "FallbackToLogsOnError" && instance.exitCode !== 0;
  if (message !== "" || !fallBack || instance.logPath === "") return message;
  return await endOfLog(instance.logPath);
}

/** The output of the log's last lines. Empty when the file cannot be read: a container that never started has none. */
async function endOfLog(path: string): Promise<string> {
  const source = { path, running: async () => false, signal: new AbortController().signal };
  try {
    let end: Buffer = Buffer.alloc(0);
    for await (const piece of await readLog(source, END_OF_LOG)) {
      end = Buffer.concat([end, piece]).subarray(-LOG_BYTES_MAX);
    }
    return end.toString();
  } catch {
    return "";
  }
}

function terminationFile(paths: PodPaths, name: string, attempt: number): string {
  return path.join(paths.container(name), `termination-${attempt}`);
}

/** The last bytes of a file; empty when there is none. */
async function tail(file: string, bytes: number): Promise<string> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.min(size, bytes)),
      0,
      undefined,
      Math.max(0, size - bytes),
    );
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await handle.close();
  }
}
