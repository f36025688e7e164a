import { hostPrograms } from "./host-programs.ts";
import type { LayerEntry } from "./layer.ts";
import type { ImageDescription } from "./oci-archive.ts";

/** What a pod's sandbox runs. The tag goes up when the content changes. */
export const PAUSE_IMAGE = "registry.fairlead.local/pause:1";
/** A small system for examples, tests and debugging: `sh`, `bash`, `wget`, `curl`, `nslookup`, `nc`, `httpd`, `vi`, ... */
export const TOOLS_IMAGE = "registry.fairlead.local/tools:1";

/** Debian packages that hold the programs below. */
export const LOCAL_IMAGE_PACKAGES = ["bash", "busybox-static", "catatonit", "curl"] as const;

const CATATONIT = "/usr/bin/catatonit";
const BUSYBOX = "/bin/busybox";

/** Sleeps until a signal ends it, and reaps orphans when the pod shares one process namespace. */
export async function pauseImage(architecture: string): Promise<ImageDescription> {
  return {
    reference: PAUSE_IMAGE,
    architecture,
    config: { entrypoint: ["/pause", "-P"], user: "65535:65535" },
    layers: [await hostPrograms([{ source: CATATONIT, paths: ["/pause"] }])],
  };
}

/**
 * @param applets - Names of the commands in this machine's busybox, as `busybox --list` prints them.
 *
 * The entry point is an init that passes signals on: a bare shell as first process would ignore SIGTERM.
 */
export async function toolsImage(architecture: string, applets: readonly string[]): Promise<ImageDescription> {
  const links = applets
    .filter((applet) => applet !== "busybox")
    // Symbolic links would be hundreds of inodes, created in every machine.
    .map((applet): LayerEntry => ({ type: "link", path: `/bin/${applet}`, target: "/bin/busybox" }));
  return {
    reference: TOOLS_IMAGE,
    architecture,
    config: { entrypoint: ["/sbin/catatonit", "-g", "--"], cmd: ["/bin/sh"] },
    layers: [
      [
        ...(await hostPrograms([
          { source: BUSYBOX, paths: ["/bin/busybox"] },
          { source: CATATONIT, paths: ["/sbin/catatonit"] },
          { source: "/usr/bin/curl", paths: ["/usr/bin/curl"] },
          { source: "/bin/bash", paths: ["/usr/bin/bash", "/bin/bash"] },
        ])),
        ...links,
        ...systemFiles,
      ],
    ],
  };
}

const systemFiles: readonly LayerEntry[] = [
  {
    type: "text",
    path: "/etc/passwd",
    text: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  },
  { type: "text", path: "/etc/group", text: "root:x:0:\nnogroup:x:65534:\n" },
  { type: "text", path: "/etc/nsswitch.conf", text: "passwd: files\ngroup: files\nhosts: files dns\n" },
  { type: "directory", path: "/root", mode: 0o700 },
  { type: "directory", path: "/tmp", mode: 0o1777 },
  { type: "directory", path: "/var/tmp", mode: 0o1777 },
  { type: "directory", path: "/proc" },
  { type: "directory", path: "/sys" },
  { type: "directory", path: "/dev" },
];
