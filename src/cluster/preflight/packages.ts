import { JEMALLOC } from "@fairlead/lib/allocator";

/** A program or file that clusters need, and the Debian package that has it. */
export interface Requirement {
  /** A command to be found on the path, or the absolute file name of a program or of a library. */
  readonly needs: string;
  readonly package: string;
  readonly why: string;
}

/** Everything that Fairlead needs on a machine besides Node: named here and nowhere else. */
export const REQUIREMENTS: readonly Requirement[] = [
  { needs: "containerd", package: "containerd", why: "runs the pods' containers" },
  { needs: "runc", package: "runc", why: "starts containers for containerd" },
  { needs: "/usr/lib/cni/host-local", package: "containernetworking-plugins", why: "gives pods their addresses" },
  { needs: "nft", package: "nftables", why: "puts Services into the kernel" },
  { needs: "iptables", package: "iptables", why: "maps hostPorts for the CNI portmap plugin" },
  { needs: "conntrack", package: "conntrack", why: "forgets UDP flows to endpoints that are gone" },
  { needs: "ip", package: "iproute2", why: "makes interfaces and routes" },
  { needs: "nsenter", package: "util-linux", why: "starts programs in a machine's namespaces" },
  { needs: "mount", package: "mount", why: "puts a machine's root together" },
  { needs: "catatonit", package: "catatonit", why: "is the first process of machines and pods" },
  { needs: "/bin/busybox", package: "busybox-static", why: "is the tool image's shell and commands" },
  { needs: JEMALLOC, package: "libjemalloc2", why: "lets programs give memory back" },
  { needs: "curl", package: "curl", why: "goes into the tool image" },
  {
    needs: "slirp4netns",
    package: "slirp4netns",
    why: "lets pods reach the world without touching the host's network",
  },
];

/** The requirements for which `isThere` says no. */
export function missingRequirements(
  isThere: (needs: string) => boolean,
  requirements: readonly Requirement[] = REQUIREMENTS,
): readonly Requirement[] {
  return requirements.filter(({ needs }) => !isThere(needs));
}
