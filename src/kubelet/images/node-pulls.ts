import type { Clock } from "@fairlead/lib/clock";
import type { ImageInfo, PodRuntime } from "../runtime/pod-runtime.ts";
import { ImagePullError } from "../runtime/runtime-error.ts";
import type { ImageAccesses, WantedImage } from "./image-accesses.ts";
import type { PullCredential } from "./pull-secrets.ts";
import { togetherText } from "./pull-text.ts";

/** What all pods of a node share of pulling: one pull at a time, in the order in which they were asked for. */
export interface NodePulls {
  readonly accesses: ImageAccesses;
  /**
   * Pulls an image with the first credential that the registry takes; without any where there is none.
   *
   * @param signal - Aborted when the last waiting pod is gone.
   * @throws {ImagePullError} with every refusal.
   */
  pull(image: WantedImage, credentials: readonly PullCredential[], signal: AbortSignal): Promise<Pulled>;
}

/** A pull that went well. */
export interface Pulled {
  readonly image: ImageInfo;
  /** Without waiting for other pulls. */
  readonly durationMs: number;
}

export interface NodePullsOptions {
  readonly runtime: Pick<PodRuntime, "imageStatus" | "pullImage">;
  readonly accesses: ImageAccesses;
  readonly clock: Clock;
}

/** One at a time is upstream's default (`serializeImagePulls`). */
export function createNodePulls({ runtime, accesses, clock }: NodePullsOptions): NodePulls {
  let last: Promise<unknown> = Promise.resolve();

  const pulledImage = async (
    { name }: WantedImage,
    credentials: readonly PullCredential[],
    signal: AbortSignal,
  ): Promise<{ readonly image: ImageInfo; readonly used: PullCredential | undefined }> => {
    const used = await pullWithAny(runtime, { name, credentials, signal });
    const image = await runtime.imageStatus(name);
    // The image was removed right after the pull: treated as a failed pull, so that the retry backs off.
    if (image === undefined) throw new ImagePullError(`the image ${name} is gone as soon as it was pulled`);
    return { image, used };
  };

  const pullNow = async (
    wanted: WantedImage,
    credentials: readonly PullCredential[],
    signal: AbortSignal,
  ): Promise<Pulled> => {
    signal.throwIfAborted();
    const startedAt = clock.monotonicMs();
    await accesses.begin(wanted);
    const { image, used } = await pulledImage(wanted, credentials, signal).catch(async (error: unknown) => {
      await accesses.failed(wanted);
      throw error;
    });
    // Where that cannot be noted, the pull counts as being under way: the image is here, and not for everybody.
    await accesses.pulled(wanted, image.id, used?.secret);
    return { image, durationMs: clock.monotonicMs() - startedAt };
  };

  return {
    accesses,
    pull(wanted, credentials, signal) {
      const pulled = last.then(() => pullNow(wanted, credentials, signal));
      last = pulled.catch(() => {});
      return pulled;
    },
  };
}

/** @returns the credential that was used. */
async function pullWithAny(
  runtime: Pick<PodRuntime, "pullImage">,
  {
    name,
    credentials,
    signal,
  }: { readonly name: string; readonly credentials: readonly PullCredential[]; readonly signal: AbortSignal },
): Promise<PullCredential | undefined> {
  const refusals: string[] = [];
  for (const credential of credentials.length === 0 ? [undefined] : credentials) {
    try {
      await runtime.pullImage(name, credential?.auth, signal);
      return credential;
    } catch (error) {
      if (signal.aborted || !(error instanceof ImagePullError)) throw error;
      refusals.push(error.message);
    }
  }
  throw new ImagePullError(togetherText(refusals));
}
