/** The runtime over CRI keeps the promises of every runtime: containerd, in namespaces of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { removeCgroup } from "../../src/kubelet/pods/pod-cgroup.ts";
import { createCriRuntime } from "../../src/kubelet/runtime/cri/cri-runtime.ts";
import { readCriMachine } from "../../src/kubelet/runtime/cri/read-machine.ts";
import { runPodRuntimeTests } from "../../src/kubelet/runtime/pod-runtime.testing.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";
import { startPrivateContainerd } from "./private-containerd.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  runPodRuntimeTests("containerd", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "fairlead-lab-"));
    const cgroupParent = `/${path.basename(folder)}`;
    const containerd = await startPrivateContainerd(folder, "10.244.7.0/24");
    const { socketPath } = containerd;
    const runtime = createCriRuntime({
      socketPath,
      machine: await readCriMachine(folder),
      clock: systemClock,
      log: silentLogger,
      // Longer than the tests take: changes come from containerd's events alone.
      pollIntervalMs: 600_000,
    });
    return {
      runtime,
      image: containerd.toolsImage,
      command: ["/bin/sleep", "1000"],
      logDirectory: path.join(folder, "logs"),
      cgroupParent: `${cgroupParent}/pod`,
      async dispose() {
        await runtime[Symbol.asyncDispose]();
        await containerd[Symbol.asyncDispose]();
        await removeCgroup(cgroupParent);
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
}
