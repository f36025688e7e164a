/** Labels of the pods of one application. */
export function podLabels(app: string): Readonly<Record<string, string>> {
  return { app, tier: "web" };
}

/** A server, as a Deployment's template has it. */
export function templateSpec() {
  return {
    containers: [
      {
        name: "web",
        image: "registry.local/web:1.8.2",
        env: [{ name: "LOG_LEVEL", value: "info" }],
        resources: { requests: { cpu: "10m", memory: "32Mi" } },
      },
    ],
  };
}

/**
 * The same after mutating admission, with the volume of the service account's token.
 *
 * @param suffix - End of that volume's name.
 */
export function admittedSpec(suffix: string) {
  const { containers } = templateSpec();
  const name = `kube-api-access-${suffix}`;
  const mount = { name, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true };
  return {
    containers: containers.map((container) => ({ ...container, volumeMounts: [mount] })),
    volumes: [{ name, projected: { sources: tokenSources } }],
    serviceAccountName: "default",
    priority: 0,
    preemptionPolicy: "PreemptLowerPriority",
    tolerations: ["not-ready", "unreachable"].map((trouble) => ({
      key: `node.kubernetes.io/${trouble}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
  };
}

const tokenSources = [
  { serviceAccountToken: { expirationSeconds: 3_607, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
];
