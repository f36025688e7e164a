import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";

/** The ConfigMap that says which addons are on. */
export const ADDONS_CONFIG_MAP = { namespace: "kube-system", name: "fairlead-addons" };
/** Its key for the load balancer. The value is `enabled` or `disabled`. */
export const LOAD_BALANCER = "loadbalancer";

/** Whether the load balancer is on. @param isOnAtFirst - What holds while the ConfigMap does not say. */
export function isEnabled(addons: ConfigMap | undefined, isOnAtFirst: boolean): boolean {
  const state = addons?.data?.[LOAD_BALANCER];
  if (state === "enabled") return true;
  return state === "disabled" ? false : isOnAtFirst;
}
