import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { goQuote } from "@fairlead/api/go-quote";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import { podReference } from "../events/references.ts";
import type { ImageInfo, PodRuntime } from "../runtime/pod-runtime.ts";
import type { WaitingReason } from "../status/container-status.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import type { StartPull } from "../sync/record/pod-pulls.ts";
import type { WantedImage } from "./image-accesses.ts";
import { imageName } from "./image-name.ts";
import type { NodePulls } from "./node-pulls.ts";
import { credentialsFor, type PullCredential } from "./pull-secrets.ts";
import { durationText, pullFailure } from "./pull-text.ts";

/** What there is to say about a container's image now. */
export type ImageAnswer =
  | { readonly state: "ready"; readonly imageRef: string; readonly image: ImageInfo }
  /** The pod is woken when the pull has ended. */
  | { readonly state: "pulling" }
  /** `retryInMs` is undefined where no back-off says when to try again. */
  | { readonly state: "failed"; readonly why: WaitingReason; readonly retryInMs: number | undefined };

/** Gets the images of one pod, beside everything else that the pod does. */
export interface ImagePuller {
  /** The image of a container about to be started. Starts the pull where there must be one and it may begin. */
  ensure(
    pod: Pod,
    container: AnyContainer,
    how: { readonly secrets: readonly Secret[]; readonly pull: StartPull },
  ): Promise<ImageAnswer>;
}

/** Receives the progress of pulls, each with its container and its image, as the pod names it. */
export interface PullListener {
  begun(container: string, image: string): void;
  pulled(container: string, image: string, pulled: ImageInfo): void;
  failed(container: string, image: string, why: WaitingReason): void;
}

/** What a puller works with. */
export interface ImagePullerOptions {
  readonly runtime: Pick<PodRuntime, "imageStatus">;
  readonly pulls: NodePulls;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly listener: PullListener;
  /** The pod is to end: what it still pulls is given up. */
  readonly signal: AbortSignal;
}

/** One container's image, and what events about it are about. */
interface Wanted extends WantedImage {
  readonly reference: ObjectReference;
  /** As the user wrote it. */
  readonly image: string;
  readonly container: string;
  readonly credentials: readonly PullCredential[];
}

/**
 * A puller for one pod.
 *
 * Source: upstream's `EnsureImageExists` (1.35) for reasons and words.
 */
export function createImagePuller(options: ImagePullerOptions): ImagePuller {
  return {
    async ensure(of, { name: container, image, imagePullPolicy: policy }, { secrets, pull: start }) {
      const reference = podReference(of, container);
      const full = imageName(image);
      if ("error" in full) {
        report(options, reference, "Warning", "InspectFailed", full.error);
        return refused(options, reference, { reason: "InvalidImageName", message: full.error });
      }
      if (start.choice === "pulled") return { state: "ready", imageRef: start.image.id, image: start.image };
      const credentials = credentialsFor(full.repository, secrets);
      const wanted: Wanted = { ...full, reference, image, container, credentials };
      const here = await imageHere(options, wanted, policy);
      if (here !== undefined) return here;
      if (start.choice === "back-off") return backOff(options, wanted, start);
      options.listener.begun(container, image);
      void pull(options, wanted);
      return { state: "pulling" };
    },
  };
}

/** What the image that is here, or is not, answers without a pull; undefined where there must be one. */
async function imageHere(
  pod: ImagePullerOptions,
  wanted: Wanted,
  policy: AnyContainer["imagePullPolicy"],
): Promise<ImageAnswer | undefined> {
  if (policy === "Always") return undefined;
  const { reference, image, name, credentials } = wanted;
  const quoted = goQuote(image);
  let found: ImageInfo | undefined;
  try {
    found = await pod.runtime.imageStatus(name);
    const secrets = credentials.map(({ secret }) => secret);
    if (found !== undefined && !(await pod.pulls.accesses.mustAsk(wanted, found.id, secrets))) {
      const text = `Container image ${quoted} already present on machine and can be accessed by the pod`;
      report(pod, reference, "Normal", "Pulled", text);
      return { state: "ready", imageRef: found.id, image: found };
    }
  } catch (error) {
    const message = `Failed to inspect image ${quoted}: ${error instanceof Error ? error.message : String(error)}`;
    report(pod, reference, "Warning", "InspectFailed", message);
    return refused(pod, reference, { reason: "ImageInspectError", message });
  }
  if (policy !== "Never") return undefined;
  // Also where it is here and the pod may not use it: that it is here is not for everybody to know.
  const message = `Container image ${quoted} is not present with pull policy of Never`;
  report(pod, reference, "Warning", "ErrImageNeverPull", message);
  return refused(pod, reference, { reason: "ErrImageNeverPull", message });
}

function backOff(
  pod: ImagePullerOptions,
  { reference, image }: Wanted,
  { why, retryInMs }: { readonly why: WaitingReason; readonly retryInMs: number },
): ImageAnswer {
  const backing = `Back-off pulling image ${goQuote(image)}`;
  report(pod, reference, "Normal", "BackOff", backing);
  const message = `${backing}: ${why.reason}: ${why.message}`;
  return { ...refused(pod, reference, { reason: "ImagePullBackOff", message }), retryInMs };
}

/** Pulls, and reports the outcome to the listener. Never throws. */
async function pull(pod: ImagePullerOptions, wanted: Wanted): Promise<void> {
  const { reference, image, container, credentials } = wanted;
  const quoted = goQuote(image);
  const askedAt = pod.clock.monotonicMs();
  report(pod, reference, "Normal", "Pulling", `Pulling image ${quoted}`);
  try {
    const pulled = await pod.pulls.pull(wanted, credentials, pod.signal);
    const [alone, whole] = [pulled.durationMs, pod.clock.monotonicMs() - askedAt].map(durationText);
    const text = `Successfully pulled image ${quoted} in ${alone} (${whole} including waiting).`;
    report(pod, reference, "Normal", "Pulled", `${text} Image size: ${pulled.image.sizeBytes} bytes.`);
    pod.listener.pulled(container, image, pulled.image);
  } catch (error) {
    if (pod.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    report(pod, reference, "Warning", "Failed", `Failed to pull image ${quoted}: ${text}`);
    const why = pullFailure(image, text);
    report(pod, reference, "Warning", "Failed", `Error: ${why.reason}`);
    pod.listener.failed(container, image, why);
  }
}

function refused(pod: ImagePullerOptions, reference: ObjectReference, why: WaitingReason) {
  report(pod, reference, "Warning", "Failed", `Error: ${why.reason}`);
  return { state: "failed", why, retryInMs: undefined } as const;
}

function report(
  { events }: ImagePullerOptions,
  reference: ObjectReference,
  type: "Normal" | "Warning",
  ...[reason, message]: [reason: string, message: string]
): void {
  events.record(reference, { type, reason, message });
}
