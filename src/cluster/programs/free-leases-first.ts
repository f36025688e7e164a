import type { PodRuntime } from "@fairlead/kubelet/runtime/pod-runtime";
import type { Logger } from "@fairlead/lib/log";
import { removeStaleLeases } from "@fairlead/podnetwork/leases";

export interface FreeLeasesOptions {
  /** Where the pods' addresses are written down. */
  readonly ipamDataDir: string;
  /** Default: {@link removeStaleLeases}. */
  readonly free?: typeof removeStaleLeases;
  readonly log: Logger;
}

/**
 * The same runtime, but before its first sandbox the addresses are freed that sandboxes had which ended unnoticed.
 *
 * A machine that is killed often enough would have none left otherwise. When it fails, so does the sandbox, and the next
 * one tries again.
 */
export function freeLeasesFirst(runtime: PodRuntime, options: FreeLeasesOptions): PodRuntime {
  const { ipamDataDir, free = removeStaleLeases, log } = options;
  let freed: Promise<void> | undefined;

  async function freeLeases(): Promise<void> {
    const sandboxes = await runtime.listSandboxes();
    const sandboxIds = sandboxes.map(({ id }) => id);
    const addresses = await free(ipamDataDir, sandboxIds);
    if (addresses.length > 0) log.info("Freed the addresses of sandboxes that are gone", { addresses });
  }

  return {
    ...runtime,
    async runSandbox(config) {
      freed ??= freeLeases().catch((error: unknown) => {
        freed = undefined;
        throw error;
      });
      await freed;
      return runtime.runSandbox(config);
    },
  };
}
