import { mkdir } from "node:fs/promises";
import { CommandError, runCommand } from "../../lib/run-command.ts";

/** Limit for a containerd that hangs; it takes less than a second. */
const LIMIT_MS = 30_000;

/**
 * Runs containerd with its folder at `$1` until the archives are imported.
 *
 * The socket and the state are on a file system of this mount namespace, so neither is left behind. Its short path keeps the
 * socket's within what the kernel takes. All files are written to disk at the end: a template that a power cut has left
 * with empty files would be copied into every machine.
 */
const SCRIPT = `
root=$1 scratch=$2 config=$3
shift 3
mount -t tmpfs -o mode=700 tmpfs "$scratch"
printf %s "$config" > "$scratch/config.toml"
containerd --config "$scratch/config.toml" --log-level error &
tries=0
until [ -S "$scratch/containerd.sock" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 500 ] || { echo "containerd does not answer" >&2; exit 1; }
  sleep 0.01
done
for archive; do
  ctr --address "$scratch/containerd.sock" --namespace k8s.io images import "$archive"
done
kill -TERM $!
wait $!
find "$root" -type f -exec sync {} +
`;

/**
 * Fills a new folder with what containerd keeps below its root once images are imported.
 *
 * Starts a containerd of its own in mount and PID namespaces that end with this process, and everything in them.
 *
 * @throws when containerd does not start, or does not take an archive.
 */
export async function makeTemplate(folder: string, archives: readonly string[]): Promise<void> {
  await mkdir(folder);
  const scratch = folder.startsWith("/run/") ? "/tmp" : "/run";
  const namespaces = [
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const script = ["sh", "-euc", SCRIPT, "sh", folder, scratch, templateConfig(folder, scratch), ...archives];
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    // unshare ignores SIGTERM while its child runs.
    await runCommand("setpriv", ["--pdeathsig", "KILL", ...namespaces, ...script], { signal, killSignal: "SIGKILL" });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // The command has the whole script in it.
    const why = signal.aborted
      ? `it was not done after ${LIMIT_MS / 1000} s`
      : error.stderr.trim() || "a program failed";
    throw new Error(`Cannot make an image template: ${why}`, { cause: error });
  }
}

/** Without CRI, whose plugin takes over the images at its next start, and without what needs more than files. */
function templateConfig(root: string, scratch: string): string {
  const without = ["grpc.v1.cri", "internal.v1.opt", "snapshotter.v1.aufs", "snapshotter.v1.btrfs"];
  without.push("snapshotter.v1.devmapper", "snapshotter.v1.native", "snapshotter.v1.zfs", "tracing.processor.v1.otlp");
  return `version = 2
root = ${JSON.stringify(root)}
state = "${scratch}/state"
disabled_plugins = ${JSON.stringify(without.map((name) => `io.containerd.${name}`))}

[grpc]
  address = "${scratch}/containerd.sock"
`;
}
