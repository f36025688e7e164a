import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { ObjectReference } from "../../api/core/v1/references.ts";
import type { Secret } from "../../api/core/v1/secret.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { Clock } from "../../lib/clock.ts";
import { podReference } from "../events/references.ts";
import type { ImageInfo, PodRuntime, RegistryAuth } from "../runtime/pod-runtime.ts";
import type { WaitingReason } from "../status/container-status.ts";
import type { BackOff } from "../sync/back-off.ts";
import { nextBackOff, remainingMs } from "../sync/back-off.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import { imageName } from "./image-name.ts";
import { credentialsFor } from "./pull-secrets.ts";

/** What there is to say about a container's image now. */
export type ImageAnswer =
  | { readonly state: "ready"; readonly imageRef: string; readonly image: ImageInfo }
  /** The pod is told when it has ended. */
  | { readonly state: "pulling" }
  | { readonly state: "failed"; readonly why: WaitingReason; readonly retryInMs: number };

/** Gets the images of one pod: pulls run beside each other and beside everything else. */
export interface ImagePuller {
  /** The image of a container about to be started. Starts the pull where there must be one. */
  ensure(pod: Pod, container: AnyContainer, secrets: readonly Secret[]): Promise<ImageAnswer>;
}

interface Attempt {
  state: "pulling" | "pulled" | "failed";
  failedAt: number;
  message: string;
  backOff: BackOff | undefined;
}

/** What a puller works with. */
export interface ImagePullerOptions {
  readonly runtime: Pick<PodRuntime, "imageStatus" | "pullImage">;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Called whenever a pull has ended. */
  readonly onEnd: () => void;
}

const RETRY_MS = 10_000;
/** How long the registry's own words are shown before it says that it backs off. */
const ERROR_SHOWN_MS = 5_000;

/** A puller for one pod: its back-offs are the pod's own. */
export function createImagePuller(options: ImagePullerOptions): ImagePuller {
  const { runtime, events } = options;
  const attempts = new Map<string, Attempt>();
  return {
    async ensure(pod, container, secrets) {
      const full = imageName(container.image);
      const reference = podReference(pod, container.name);
      if ("error" in full) {
        events.record(reference, { type: "Warning", reason: "InspectFailed", message: full.error });
        return failed("InvalidImageName", full.error);
      }
      const attempt = attempts.get(container.name);
      const image = await runtime.imageStatus(full.name);
      const mustPull = container.imagePullPolicy === "Always" ? attempt?.state !== "pulled" : image === undefined;
      if (!mustPull && image !== undefined) {
        if (attempt?.state !== "pulled") {
          const text = `Container image ${JSON.stringify(container.image)} already present on machine and can be accessed by the pod`;
          events.record(reference, { type: "Normal", reason: "Pulled", message: text });
        }
        attempts.delete(container.name);
        return { state: "ready", imageRef: image.id, image };
      }
      if (container.imagePullPolicy === "Never") {
        const text = `Container image ${JSON.stringify(container.image)} is not present with pull policy of Never`;
        events.record(reference, { type: "Warning", reason: "ErrImageNeverPull", message: text });
        return failed("ErrImageNeverPull", text);
      }
      const what = { reference, image: container.image, name: full.name };
      const answer = lastAttempt(attempt, what, options);
      if (answer !== undefined) return answer;

      const next: Attempt = { state: "pulling", failedAt: 0, message: "", backOff: attempt?.backOff };
      attempts.set(container.name, next);
      void pull(next, { ...what, secrets }, options);
      return { state: "pulling" };
    },
  };
}

/** Which image, and what events about it are about. */
interface Wanted {
  readonly reference: ObjectReference;
  /** As the user wrote it. */
  readonly image: string;
  /** In full. */
  readonly name: string;
}

/** Pulls, and notes in the attempt how it went. Never throws. */
async function pull(
  attempt: Attempt,
  { reference, image: wanted, name, secrets }: Wanted & { readonly secrets: readonly Secret[] },
  { runtime, events, clock, onEnd }: ImagePullerOptions,
): Promise<void> {
  const quoted = JSON.stringify(wanted);
  const startedAt = clock.now();
  events.record(reference, { type: "Normal", reason: "Pulling", message: `Pulling image ${quoted}` });
  try {
    await pullWithAny(runtime, name, credentialsFor(name, secrets));
    const image = await runtime.imageStatus(name);
    const seconds = `${((clock.now() - startedAt) / 1000).toFixed(3).replace(/\.?0+$/, "")}s`;
    const text = `Successfully pulled image ${quoted} in ${seconds} (${seconds} including waiting).`;
    events.record(reference, {
      type: "Normal",
      reason: "Pulled",
      message: `${text} Image size: ${image?.sizeBytes ?? 0} bytes.`,
    });
    attempt.state = "pulled";
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    events.record(reference, { type: "Warning", reason: "Failed", message: `Failed to pull image ${quoted}: ${text}` });
    events.record(reference, { type: "Warning", reason: "Failed", message: "Error: ErrImagePull" });
    attempt.state = "failed";
    attempt.message = text;
    attempt.failedAt = clock.now();
    attempt.backOff = nextBackOff(attempt.backOff, attempt.failedAt, attempt.failedAt);
  }
  onEnd();
}

/** What became of the last attempt: undefined where a new one is to be made. */
function lastAttempt(
  attempt: Attempt | undefined,
  { reference, image }: Wanted,
  { events, clock }: ImagePullerOptions,
): ImageAnswer | undefined {
  if (attempt === undefined) return undefined;
  if (attempt.state === "pulling") return { state: "pulling" };
  const retryInMs = remainingMs(attempt.backOff, attempt.failedAt, clock.now());
  if (attempt.state !== "failed" || retryInMs === 0) return undefined;

  const { message } = attempt;
  if (message !== "") {
    attempt.message = "";
    const why = { reason: "ErrImagePull", message };
    return { state: "failed", retryInMs: Math.min(retryInMs, ERROR_SHOWN_MS), why };
  }
  const backing = `Back-off pulling image ${JSON.stringify(image)}`;
  events.record(reference, { type: "Normal", reason: "BackOff", message: backing });
  events.record(reference, { type: "Warning", reason: "Failed", message: "Error: ImagePullBackOff" });
  return { state: "failed", retryInMs, why: { reason: "ImagePullBackOff", message: backing } };
}

function failed(reason: string, message: string): ImageAnswer {
  return { state: "failed", why: { reason, message }, retryInMs: RETRY_MS };
}

/** Tries each credential, and no credential where there is none; throws the last refusal. */
async function pullWithAny(
  runtime: Pick<PodRuntime, "pullImage">,
  name: string,
  credentials: readonly RegistryAuth[],
): Promise<void> {
  let refusal: unknown;
  for (const auth of credentials.length === 0 ? [undefined] : credentials) {
    try {
      await runtime.pullImage(name, auth);
      return;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}
