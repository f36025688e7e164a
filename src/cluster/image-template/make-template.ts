import { mkdir } from "node:fs/promises";
import { CommandError, runCommand } from "@fairlead/lib/run-command";

/** How long {@link makeTemplate} takes at most, in milliseconds: for a containerd that hangs. Usually less than a second. */
export const MAKE_TEMPLATE_MAX_MS = 30_000;

/**
 * Runs containerd with its folder at `$1` until the archives are imported.
 *
 * The socket and the state are on a file system that ends with the mount namespace. Its short path keeps the socket's path
 * within the kernel's limit. All files are synced at the end: after a power cut, a template with empty files would be copied
 * into every machine.
 */
const SCRIPT = `
root=$1 scratch=$2 config=$3
shift 3
mount -t tmpfs -o mode=700 tmpfs "$scratch"
printf %s "$config" > "$scratch/config.toml"
containerd --config "$scratch/config.toml" --log-level error &
until [ -S "$scratch/containerd.sock" ]; do
  [ -d "/proc/$!" ] || { echo "containerd ended" >&2; exit 1; }
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
 * Creates a containerd root folder that has the images of the archives.
 *
 * Runs a temporary containerd in mount and PID namespaces. They end with the calling process, and all their processes too.
 *
 * @throws when containerd does not start, or does not take an archive, or after {@link MAKE_TEMPLATE_MAX_MS}.
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
  const signal = AbortSignal.timeout(MAKE_TEMPLATE_MAX_MS);
  try {
    // unshare ignores SIGTERM while its child runs.
    await runCommand("setpriv", ["--pdeathsig", "KILL", ...namespaces, ...script], { signal, killSignal: "SIGKILL" });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // The command has the whole script in it.
    const why = signal.aborted
      ? `it was not done after ${MAKE_TEMPLATE_MAX_MS / 1000} s`
      : error.stderr.trim() || "a program failed";
    throw new Error(`Cannot make an image template: ${why}`, { cause: error });
  }
}

/** Disables plugins that need a network or devices. CRI is not needed: its plugin loads existing images when it starts. */
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
