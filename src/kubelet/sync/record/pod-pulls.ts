import type { ImageInfo } from "../../runtime/pod-runtime.ts";
import type { WaitingReason } from "../../status/container-status.ts";
import type { BackOff } from "./back-off.ts";
import { nextBackOff, remainingMs } from "./back-off.ts";

/** State of the image pulls of one pod: an immutable value. Back-offs are per pod. */
export interface PodPulls {
  /** The pull for the next start of a container, by its name. */
  readonly attempts: ReadonlyMap<string, PullAttempt>;
  /** By image, as the pod names it: containers of the pod with the same image share it. */
  readonly failures: ReadonlyMap<string, PullFailures>;
}

/** The pull for one start of a container. */
export type PullAttempt = {
  /** The image, as the pod named it then. */
  readonly of: string;
} & (
  | { readonly state: "pulling" }
  | { readonly state: "pulled"; readonly image: ImageInfo }
  | { readonly state: "failed"; readonly why: WaitingReason }
);

/** Failed pulls of one image, in a row. */
export interface PullFailures {
  readonly backOff: BackOff;
  /** By the monotonic clock. */
  readonly failedAtMs: number;
  readonly why: WaitingReason;
}

/** How the next start of a container gets its image. */
export type PullChoice =
  /** It was pulled for this start. */
  | { readonly choice: "pulled"; readonly image: ImageInfo }
  /** Pull it, unless it is here and need not be pulled. */
  | { readonly choice: "pull" }
  /** It is not pulled now: the container waits, unless the image is here. */
  | { readonly choice: "back-off"; readonly why: WaitingReason; readonly retryInMs: number }
  /** It is being pulled for this start. */
  | { readonly choice: "pulling" }
  /** The pull for this start has failed: the container waits. */
  | { readonly choice: "failed"; readonly why: WaitingReason; readonly retryInMs: number };

/** How a start that is carried out gets its image. */
export type StartPull = Extract<PullChoice, { choice: "pulled" | "pull" | "back-off" }>;

/** State of a pod that has pulled nothing. */
export const NO_PULLS: PodPulls = { attempts: new Map(), failures: new Map() };

/** How long the registry's own words are shown before the status says that the kubelet backs off, in milliseconds. */
const ERROR_SHOWN_MS = 5_000;

/**
 * Decides how the next start of a container gets its image: from the pull that was made for it, or whether a pull may
 * begin. Source: upstream's `EnsureImageExists`.
 *
 * @param nowMs - By the monotonic clock.
 */
export function choosePull(
  { attempts, failures }: PodPulls,
  container: { readonly name: string; readonly image: string },
  nowMs: number,
): PullChoice {
  const attempt = attempts.get(container.name);
  const failed = failures.get(container.image);
  const backOffMs = failed === undefined ? 0 : remainingMs(failed.backOff, failed.failedAtMs, nowMs);
  // The container may have been given another image since: the pull of the former one does not matter.
  if (attempt?.of === container.image) {
    if (attempt.state === "pulling") return { choice: "pulling" };
    if (attempt.state === "pulled") return { choice: "pulled", image: attempt.image };
    return { choice: "failed", why: attempt.why, retryInMs: Math.min(backOffMs, ERROR_SHOWN_MS) };
  }
  if (failed === undefined || backOffMs === 0) return { choice: "pull" };
  return { choice: "back-off", why: failed.why, retryInMs: backOffMs };
}

/** Notes that a pull has begun for the next start of a container. */
export function withBegunPull(pulls: PodPulls, container: string, image: string): PodPulls {
  return { ...pulls, attempts: new Map(pulls.attempts).set(container, { of: image, state: "pulling" }) };
}

/** Notes that a pull has succeeded. */
export function withPulledImage(pulls: PodPulls, container: string, of: string, image: ImageInfo): PodPulls {
  return withAttempt(pulls, container, { of, state: "pulled", image });
}

/**
 * Notes that a pull has failed.
 *
 * @param nowMs - By the monotonic clock.
 */
export function withFailedPull(
  pulls: PodPulls,
  container: string,
  { of, why, nowMs }: { readonly of: string; readonly why: WaitingReason; readonly nowMs: number },
): PodPulls {
  const backOff = nextBackOff(pulls.failures.get(of)?.backOff, nowMs, nowMs);
  const failures = new Map(pulls.failures).set(of, { backOff, failedAtMs: nowMs, why });
  return withAttempt({ ...pulls, failures }, container, { of, state: "failed", why });
}

/** Notes that the pull for a start was used: the next start needs another one. */
export function withoutPull(pulls: PodPulls, container: string): PodPulls {
  return { ...pulls, attempts: new Map([...pulls.attempts].filter(([name]) => name !== container)) };
}

/** Replaces the attempt, unless the container has another image by now. */
function withAttempt(pulls: PodPulls, container: string, attempt: PullAttempt): PodPulls {
  if (pulls.attempts.get(container)?.of !== attempt.of) return pulls;
  return { ...pulls, attempts: new Map(pulls.attempts).set(container, attempt) };
}
