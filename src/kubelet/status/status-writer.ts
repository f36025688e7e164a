import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { statusPatch } from "./status-patch.ts";

/** Writes the status of one pod: the newest one, one write at a time, until the API server has it. */
export interface StatusWriter {
  /** The status last given to {@link write}. */
  readonly latest: PodStatus | undefined;
  write(pod: Pod, status: PodStatus): void;
  /** Resolves when the newest status is stored, or the pod is gone. */
  settled(): Promise<void>;
  stop(): void;
}

/** Pauses after failures, in milliseconds. */
const RETRY = { initialMs: 100, maxMs: 10_000 };

/** A writer for one pod. Failures are retried with growing pauses. */
export function createStatusWriter({
  client,
  clock,
  log,
}: {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
}): StatusWriter {
  const stopped = new AbortController();
  let latest: PodStatus | undefined;
  let pending: { readonly pod: Pod; readonly status: PodStatus } | undefined;
  /** What the API server answered last: newer than the watch's. */
  let stored: Pod | undefined;
  let work: Promise<void> | undefined;

  async function drain(): Promise<void> {
    const backOff = createBackOff(RETRY);
    while (pending !== undefined && !stopped.signal.aborted) {
      const { pod, status } = pending;
      pending = undefined;
      try {
        await put(pod, status);
        backOff.reset();
      } catch (error) {
        if (error instanceof StatusError && ["NotFound", "Conflict", "Invalid"].includes(error.reason)) {
          // The pod is gone, or replaced by another one: there is no status to write. Invalid would not become valid by repeating.
          if (error.reason === "Invalid") log.error("The API server refuses the pod's status", { error });
          continue;
        }
        log.warn("Cannot write the pod's status: trying again", { error });
        pending ??= { pod, status };
        await clock.sleep(backOff.next(), stopped.signal).catch(() => {});
      }
    }
  }

  async function put(pod: Pod, status: PodStatus): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const patch = statusPatch(uid, newer(stored, pod).status, status);
    if (patch === undefined) return;
    stored = await client.patch(podKind, { namespace, name }, "strategic", patch, {
      subresource: "status",
      signal: stopped.signal,
    });
  }

  return {
    get latest() {
      return latest;
    },
    write(pod, status) {
      latest = status;
      pending = { pod, status };
      work ??= drain().finally(() => {
        work = undefined;
      });
    },
    async settled() {
      await work;
    },
    stop: () => stopped.abort(new Error("The kubelet is stopping")),
  };
}

/** The watch may be behind what a write has answered. */
function newer(a: Pod | undefined, b: Pod): Pod {
  if (a === undefined) return b;
  return BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion) ? a : b;
}
