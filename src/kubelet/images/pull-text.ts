import type { WaitingReason } from "../status/container-status.ts";

/** A duration of whole milliseconds as Go prints it: `0s`, `416ms`, `1.206s`, `2m3.5s`. */
export function durationText(durationMs: number): string {
  const ms = Math.round(durationMs);
  if (ms === 0) return "0s";
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ""}${ms >= 60_000 ? `${minutes}m` : ""}${seconds}s`;
}

/** Errors that a runtime names in front of its message, and what they mean (k8s.io/cri-api/pkg/errors). */
const NAMED_ERRORS = {
  RegistryUnavailable: "the registry is unavailable",
  SignatureValidationFailed: "the signature validation failed",
} as const;

/**
 * What a container waits for after a pull has failed.
 *
 * @param image - As the pod has it.
 */
export function pullFailure(image: string, message: string): WaitingReason {
  for (const [reason, meaning] of Object.entries(NAMED_ERRORS)) {
    if (!message.startsWith(reason)) continue;
    return { reason, message: `image pull failed for ${image} because ${meaning}${message.slice(reason.length)}` };
  }
  return { reason: "ErrImagePull", message };
}

/** Several errors in one text: each once, in brackets when there are several. */
export function togetherText(messages: readonly string[]): string {
  const [first = "", ...others] = [...new Set(messages)];
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
}
