import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { compareQuantities, type Quantity, quantityOf } from "@fairlead/api/quantity";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isOfKind } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/** What upstream says of a claim whose class does not allow it. No class does: nothing here makes volumes larger. */
const NOT_RESIZABLE =
  "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";

/** Refuses to let a claim ask for more than before: its volume cannot grow. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",

  validate(request) {
    if (!isUpdateOfClaim(request) || request.previous === undefined) return;
    if (compareQuantities(requested(request.object), requested(request.previous)) <= 0) return;
    if (request.previous.status.phase !== "Bound") {
      throw forbidden(request, "Only bound persistent volume claims can be expanded");
    }
    throw forbidden(request, NOT_RESIZABLE);
  },
};

function isUpdateOfClaim(request: AdmissionRequest): request is AdmissionRequest<PersistentVolumeClaim> {
  return isOfKind(request, persistentVolumeClaimKind) && request.operation === "update" && request.subresource === "";
}

function requested({ spec }: PersistentVolumeClaim): Quantity {
  return quantityOf(spec.resources.requests?.storage);
}
