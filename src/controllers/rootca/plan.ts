import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Draft } from "@fairlead/api/schema";

/** The ConfigMap that pods mount with their service account's token. */
export const CONFIG_MAP_NAME = "kube-root-ca.crt";

const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal " +
  "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** The ConfigMap as it should be written; `undefined` when the current one is right. */
export function planRootCA(
  namespace: string,
  { rootCA, current }: { readonly rootCA: string; readonly current: ConfigMap | undefined },
): Draft<ConfigMap> | undefined {
  const annotations = { "kubernetes.io/description": DESCRIPTION };
  const data = { "ca.crt": rootCA };
  if (current === undefined) return { metadata: { name: CONFIG_MAP_NAME, namespace, annotations }, data };
  const names = Object.keys(current.data ?? {});
  const isRight =
    names.length === 1 &&
    current.data?.["ca.crt"] === rootCA &&
    current.metadata.annotations?.["kubernetes.io/description"] === DESCRIPTION;
  if (isRight) return undefined;
  return {
    ...current,
    metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...annotations } },
    data,
  };
}
