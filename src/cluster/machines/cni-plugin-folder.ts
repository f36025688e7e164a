import { access } from "node:fs/promises";
import path from "node:path";

/** Where distributions put the CNI plugins: Debian's package, and the plugins' own documentation. */
const CANDIDATES = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** The folder that has the plugins. Throws when none has. */
export async function cniPluginFolder(): Promise<string> {
  for (const folder of CANDIDATES) {
    const there = await access(path.join(folder, "host-local")).then(
      () => true,
      () => false,
    );
    if (there) return folder;
  }
  throw new Error(`Cannot find the CNI plugins in ${CANDIDATES.join(", ")}`);
}
