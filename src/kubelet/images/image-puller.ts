import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { ObjectReference } from "../../api/core/v1/references.ts";
import type { Secret } from "../../api/core/v1/secret/secret.ts";
import { goQuote } from "../../api/go-quote.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { Clock } from "../../lib/clock.ts";
import { podReference } from "../events/references.ts";
import type { ImageInfo, PodRuntime } from "../runtime/pod-runtime.ts";
import type { WaitingReason } from "../status/container-status.ts";
import type { BackOff } from "../sync/back-off.ts";
import { nextBackOff, remainingMs } from "../sync/back-off.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
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
  | { readonly state: "failed"; readonly why: WaitingReason; readonly retryInMs: number };

/** Gets the images of one pod, beside everything else that the pod does. */
export interface ImagePuller {
  /** The image of a container about to be started. Starts the pull where there must be one. */
  ensure(pod: Pod, container: AnyContainer, secrets: readonly Secret[]): Promise<ImageAnswer>;
}

/** The pull for one start of a container. */
interface Attempt {
  /** As the pod had it then. */
  readonly of: string;
  state: "pulling" | "ended";
  /** What there is to say once it has ended. Undefined: nothing, the pull is checked again. */
  image?: ImageInfo | undefined;
  why?: WaitingReason;
}

/** After pulls of one image have failed. Containers of a pod with the same image share it. */
interface Failures {
  readonly backOff: BackOff;
  readonly failedAt: number;
  readonly why: WaitingReason;
}

/** What a puller works with. */
export interface ImagePullerOptions {
  readonly runtime: Pick<PodRuntime, "imageStatus">;
  readonly pulls: NodePulls;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Called whenever a pull has ended. */
  readonly onEnd: () => void;
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

const RETRY_MS = 10_000;
/** How long the registry's own words are shown before it says that it backs off. */
const ERROR_SHOWN_MS = 5_000;

/**
 * A puller for one pod: its back-offs are the pod's own.
 *
 * Source: upstream's `EnsureImageExists` (1.35) for reasons and words.
 */
export function createImagePuller(options: ImagePullerOptions): ImagePuller {
  const pod: PodPulls = { ...options, attempts: new Map(), failures: new Map() };
  return {
    async ensure(of, { name: container, image, imagePullPolicy: policy }, secrets) {
      const reference = podReference(of, container);
      const full = imageName(image);
      if ("error" in full) {
        tell(pod, reference, "Warning", "InspectFailed", full.error);
        return refused(pod, reference, { reason: "InvalidImageName", message: full.error });
      }
      const credentials = credentialsFor(full.repository, secrets);
      const wanted: Wanted = { ...full, reference, image, container, credentials };
      return lastAttempt(pod, wanted) ?? (await imageHere(pod, wanted, policy)) ?? pullOrBackOff(pod, wanted);
    },
  };
}

interface PodPulls extends ImagePullerOptions {
  /** By container. */
  readonly attempts: Map<string, Attempt>;
  /** By image, as the pod has it. */
  readonly failures: Map<string, Failures>;
}

/** Returns the result of the pull for this start of the container; undefined without a pull, or when the result was returned before. */
function lastAttempt(pod: PodPulls, { container, image }: Wanted): ImageAnswer | undefined {
  const attempt = pod.attempts.get(container);
  // The container may have been given another image since: what is pulled still is nothing to it.
  if (attempt === undefined || attempt.of !== image) return undefined;
  if (attempt.state === "pulling") return { state: "pulling" };
  pod.attempts.delete(container);
  if (attempt.why !== undefined) {
    const backOffMs = backOffMsOf(pod.failures.get(image), pod.clock.monotonicMs());
    return { state: "failed", why: attempt.why, retryInMs: Math.min(backOffMs, ERROR_SHOWN_MS) };
  }
  return attempt.image && { state: "ready", imageRef: attempt.image.id, image: attempt.image };
}

/** What the image that is here, or is not, answers without a pull; undefined where there must be one. */
async function imageHere(
  pod: PodPulls,
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
      tell(pod, reference, "Normal", "Pulled", text);
      return { state: "ready", imageRef: found.id, image: found };
    }
  } catch (error) {
    const message = `Failed to inspect image ${quoted}: ${error instanceof Error ? error.message : String(error)}`;
    tell(pod, reference, "Warning", "InspectFailed", message);
    return refused(pod, reference, { reason: "ImageInspectError", message });
  }
  if (policy !== "Never") return undefined;
  // Also where it is here and the pod may not use it: that it is here is not for everybody to know.
  const message = `Container image ${quoted} is not present with pull policy of Never`;
  tell(pod, reference, "Warning", "ErrImageNeverPull", message);
  return refused(pod, reference, { reason: "ErrImageNeverPull", message });
}

function pullOrBackOff(pod: PodPulls, wanted: Wanted): ImageAnswer {
  const { reference, image, container } = wanted;
  const failures = pod.failures.get(image);
  const retryInMs = backOffMsOf(failures, pod.clock.monotonicMs());
  if (failures === undefined || retryInMs === 0) {
    const attempt: Attempt = { of: image, state: "pulling" };
    pod.attempts.set(container, attempt);
    void pull(pod, wanted, attempt);
    return { state: "pulling" };
  }
  const backing = `Back-off pulling image ${goQuote(image)}`;
  tell(pod, reference, "Normal", "BackOff", backing);
  const { why } = failures;
  const answer = refused(pod, reference, {
    reason: "ImagePullBackOff",
    message: `${backing}: ${why.reason}: ${why.message}`,
  });
  return { ...answer, retryInMs };
}

/** Pulls, and notes in the attempt how it went. Never throws. */
async function pull(pod: PodPulls, wanted: Wanted, attempt: Attempt): Promise<void> {
  const { reference, image, credentials } = wanted;
  const quoted = goQuote(image);
  const askedAt = pod.clock.monotonicMs();
  tell(pod, reference, "Normal", "Pulling", `Pulling image ${quoted}`);
  try {
    const pulled = await pod.pulls.pull(wanted, credentials, pod.signal);
    const [alone, whole] = [pulled.durationMs, pod.clock.monotonicMs() - askedAt].map(durationText);
    const text = `Successfully pulled image ${quoted} in ${alone} (${whole} including waiting).`;
    tell(pod, reference, "Normal", "Pulled", `${text} Image size: ${pulled.image.sizeBytes} bytes.`);
    attempt.image = pulled.image;
  } catch (error) {
    if (pod.signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    tell(pod, reference, "Warning", "Failed", `Failed to pull image ${quoted}: ${text}`);
    attempt.why = pullFailure(image, text);
    tell(pod, reference, "Warning", "Failed", `Error: ${attempt.why.reason}`);
    const failedAt = pod.clock.monotonicMs();
    const backOff = nextBackOff(pod.failures.get(image)?.backOff, failedAt, failedAt);
    pod.failures.set(image, { backOff, failedAt, why: attempt.why });
  }
  attempt.state = "ended";
  pod.onEnd();
}

function backOffMsOf(failures: Failures | undefined, now: number): number {
  return failures === undefined ? 0 : remainingMs(failures.backOff, failures.failedAt, now);
}

function refused(pod: PodPulls, reference: ObjectReference, why: WaitingReason) {
  tell(pod, reference, "Warning", "Failed", `Error: ${why.reason}`);
  return { state: "failed", why, retryInMs: RETRY_MS } as const;
}

function tell(
  { events }: PodPulls,
  reference: ObjectReference,
  type: "Normal" | "Warning",
  ...[reason, message]: [reason: string, message: string]
): void {
  events.record(reference, { type, reason, message });
}
