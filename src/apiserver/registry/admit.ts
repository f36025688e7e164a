import type { KubeObject } from "../../api/resource-reference.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../admission/admission.ts";

/** Lets every plugin change the object, in order; answers what came out. */
export async function admit(plugins: readonly AdmissionPlugin[], request: AdmissionRequest): Promise<KubeObject> {
  let object = request.object;
  for (const plugin of plugins) {
    if (plugin.admit !== undefined) object = await plugin.admit({ ...request, object });
  }
  return object;
}

/** Asks every plugin whether the finished object may pass. Throws the first refusal. */
export async function admitFinal(plugins: readonly AdmissionPlugin[], request: AdmissionRequest): Promise<void> {
  for (const plugin of plugins) await plugin.validate?.(request);
}
