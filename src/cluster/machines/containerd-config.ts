/**
 * How often containerd measures the disk use of every snapshot. Its default is 10 s, for a garbage collection of images,
 * which the kubelet here does not have yet.
 */
const STATS_COLLECT_SECONDS = 300;

/**
 * The most of its time that containerd's garbage collection takes. It also is how often containerd looks whether there is
 * anything to collect: 50 times the length of a collection by default, four times a second; so it is every ten seconds.
 */
const GC_SHARE = 0.0005;
/** After so many deletions it is collected at once: what containers have written is on the disk until then. */
const GC_DELETIONS = 50;

/**
 * The configuration of one machine's containerd (config version 2, which 1.6 and 1.7 read).
 *
 * `restrict_oom_score_adj` lets it run where a lower score than its own may not be set, `disable_apparmor` where the
 * profile cannot be loaded from inside a namespace. The socket is on a folder that the host sees too.
 */
export function containerdConfig(options: {
  readonly socket: string;
  readonly sandboxImage: string;
  readonly cniConfigFolder: string;
  /** Debian has the plugins in `/usr/lib/cni`, others in `/opt/cni/bin`. */
  readonly cniPluginFolder: string;
  /** With a folder for each registry's `hosts.toml`: the first that has one for a registry counts. */
  readonly registryConfigFolders: readonly string[];
  /** Tables with credentials for registries, as TOML. */
  readonly registryAuth: string;
}): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
  address = ${toml(options.socket)}

[plugins."io.containerd.gc.v1.scheduler"]
  pause_threshold = ${GC_SHARE}
  deletion_threshold = ${GC_DELETIONS}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${toml(options.sandboxImage)}
  disable_apparmor = true
  restrict_oom_score_adj = true
  enable_selinux = false
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  stats_collect_period = ${STATS_COLLECT_SECONDS}

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${toml(options.cniPluginFolder)}
    conf_dir = ${toml(options.cniConfigFolder)}

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${toml(options.registryConfigFolders.join(":"))}

${options.registryAuth}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;
}

/** A TOML basic string is a JSON string. */
function toml(text: string): string {
  return JSON.stringify(text);
}
