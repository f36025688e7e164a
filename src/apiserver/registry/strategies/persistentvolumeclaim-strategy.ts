import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Strategy } from "../strategy.ts";

/** Claims begin as Pending; both fields name the source of their contents. */
export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  answersDeletedObject: true,
  prepareForCreate: (claim) => ({ ...withBothDataSources(claim), status: { phase: "Pending" } }),
  prepareForUpdate: withBothDataSources,
};

/** `dataSource` and `dataSourceRef` say the same, unless the latter names another namespace. */
function withBothDataSources(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { dataSource, dataSourceRef } = claim.spec;
  if (dataSource !== undefined && dataSourceRef === undefined) {
    return { ...claim, spec: { ...claim.spec, dataSourceRef: dataSource } };
  }
  if (dataSource !== undefined || dataSourceRef === undefined || (dataSourceRef.namespace ?? "") !== "") return claim;
  const { namespace: _, ...local } = dataSourceRef;
  return { ...claim, spec: { ...claim.spec, dataSource: local } };
}
