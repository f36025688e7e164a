import type { Clock } from "@fairlead/lib/clock";
import type { PodRuntime } from "../runtime/pod-runtime.ts";

/** What a Node says of its runtime and of the images in it. */
export interface RuntimeReport {
  /** As `status.nodeInfo` has it: `containerd://1.6.20`. Empty while the runtime does not answer. */
  readonly version: string;
  readonly images: Awaited<ReturnType<PodRuntime["listImages"]>>;
}

/** How long an answer is used, in milliseconds. Upstream's kubelet lists images every 30 seconds. */
const KEPT_MS = 30_000;

/** Returns a function that asks the runtime and caches its answer for a while. Failures are not cached. */
export function askRuntime(
  runtime: Pick<PodRuntime, "version" | "listImages">,
  clock: Clock,
): () => Promise<RuntimeReport> {
  let kept: { readonly report: RuntimeReport; readonly atMs: number } | undefined;
  return async () => {
    if (kept !== undefined && clock.monotonicMs() - kept.atMs < KEPT_MS) return kept.report;
    const [version, images] = await Promise.all([
      runtime.version().catch(() => undefined),
      runtime.listImages().catch(() => undefined),
    ]);
    const report = {
      version: version === undefined ? "" : `${version.runtimeName}://${version.runtimeVersion}`,
      images: images ?? [],
    };
    kept = version === undefined || images === undefined ? undefined : { report, atMs: clock.monotonicMs() };
    return report;
  };
}
