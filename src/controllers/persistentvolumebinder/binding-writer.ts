import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { claimInPhase, volumeInPhase, withClaim, withoutClaim, withVolume } from "./binding.ts";
import type { PlannedEvent } from "./plan.ts";

/** How a phase is written. */
export interface PhaseOptions {
  /** Recorded only when the phase has changed. Its message stands in the status of a volume. */
  readonly event?: PlannedEvent;
  readonly signal: AbortSignal;
}

/** Writes what was decided, one write after another. Each is refused with Conflict when another client wrote first. */
export interface BindingWriter {
  /** Writes what is missing of a binding. */
  bind(volume: PersistentVolume, claim: PersistentVolumeClaim, signal: AbortSignal): Promise<void>;
  unbind(volume: PersistentVolume, signal: AbortSignal): Promise<void>;
  /** Returns the written volume. */
  volumePhase(volume: PersistentVolume, phase: string, options: PhaseOptions): Promise<PersistentVolume>;
  /** A claim without a volume. */
  claimPhase(claim: PersistentVolumeClaim, phase: string, options: PhaseOptions): Promise<void>;
  /** Records at both that one is a block device and the other a file system. */
  recordModeMismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): void;
}

/** A writer under the controller's identity. */
export function createBindingWriter({
  client,
  events,
}: {
  readonly client: Client;
  readonly events: Pick<EventRecorder, "record">;
}): BindingWriter {
  async function updateVolume(before: PersistentVolume, after: PersistentVolume, options: WriteTo) {
    return after === before ? before : client.update(persistentVolumeKind, after, options);
  }

  async function updateClaim(before: PersistentVolumeClaim, after: PersistentVolumeClaim, options: WriteTo) {
    return after === before ? before : client.update(persistentVolumeClaimKind, after, options);
  }

  async function volumePhase(volume: PersistentVolume, phase: string, { event, signal }: PhaseOptions) {
    const changed = volumeInPhase(volume, phase, event?.message);
    const written = await updateVolume(volume, changed, { subresource: "status", signal });
    if (written !== volume && event !== undefined) events.record(written, event);
    return written;
  }

  return {
    volumePhase,
    async bind(volume, claim, signal) {
      const claimed = await updateVolume(volume, withClaim(volume, claim), { signal });
      const bound = await volumePhase(claimed, "Bound", { signal });
      const named = await updateClaim(claim, withVolume(claim, bound), { signal });
      await updateClaim(named, claimInPhase(named, "Bound", bound), { subresource: "status", signal });
    },
    async unbind(volume, signal) {
      const freed = await updateVolume(volume, withoutClaim(volume), { signal });
      await volumePhase(freed, "Available", { signal });
    },
    async claimPhase(claim, phase, { event, signal }) {
      const written = await updateClaim(claim, claimInPhase(claim, phase), { subresource: "status", signal });
      if (event !== undefined && claim.status.phase !== phase) events.record(written, event);
    },
    recordModeMismatch(volume, claim) {
      const [ours, theirs] = [volume, claim].map(({ metadata }) => JSON.stringify(metadata.name));
      const record = (object: PersistentVolume | PersistentVolumeClaim, message: string) =>
        events.record(object, { type: "Warning", reason: "VolumeMismatch", message });
      const why = "due to incompatible volumeMode.";
      record(volume, `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${theirs} ${why}`);
      record(claim, `Cannot bind PersistentVolume ${ours} to requested PersistentVolumeClaim ${why}`);
    },
  };
}

interface WriteTo {
  readonly subresource?: "status";
  readonly signal: AbortSignal;
}
