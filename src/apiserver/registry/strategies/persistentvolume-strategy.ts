import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Strategy } from "../strategy.ts";

/** A volume says since when it has been in its phase. */
export const persistentVolumeStrategy: Strategy<PersistentVolume> = {
  answersDeletedObject: true,

  prepareForCreate: (volume) => ({
    ...volume,
    status: { phase: "Pending", lastPhaseTransitionTime: volume.metadata.creationTimestamp },
  }),

  prepareForStatusUpdate(volume, { status: before }, now) {
    const { phase, lastPhaseTransitionTime: given } = volume.status;
    const kept = given ?? before.lastPhaseTransitionTime;
    const isSince = phase === before.phase || kept !== before.lastPhaseTransitionTime;
    return { ...volume, status: { ...volume.status, lastPhaseTransitionTime: isSince ? kept : now } };
  },
};
