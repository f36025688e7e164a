import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ServiceAccount } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { ANNOTATION } from "@fairlead/api/well-known";

const TRUE_VALUES: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** Why the pod may not use a Secret that it mentions, when its account limits them; nothing when it may. */
export function secretReferenceProblem(pod: Pod, account: ServiceAccount): string | undefined {
  if (!TRUE_VALUES.has(account.metadata.annotations?.[ANNOTATION.enforceMountableSecrets] ?? "")) return undefined;
  const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
  const { name } = account.metadata;
  return (
    volumeProblem(pod, mountable, name) ??
    containersProblem("init container", pod.spec.initContainers ?? [], mountable, name) ??
    containersProblem("container", pod.spec.containers, mountable, name) ??
    pullSecretProblem(pod, account)
  );
}

type Names = ReadonlySet<string | undefined>;

function volumeProblem(pod: Pod, mountable: Names, account: string): string | undefined {
  const secret = (pod.spec.volumes ?? [])
    .map((volume) => volume.secret?.secretName)
    .find((name) => name !== undefined && !mountable.has(name));
  if (secret === undefined) return undefined;
  return `volume with secret.secretName="${secret}" is not allowed because service account ${account} does not reference that secret`;
}

function containersProblem(
  what: string,
  containers: readonly Container[],
  mountable: Names,
  account: string,
): string | undefined {
  const mentioned = containers.flatMap(({ name, env = [], envFrom = [] }) => [
    ...env.map((one) => ({ by: `${name} with envVar ${one.name}`, secret: one.valueFrom?.secretKeyRef?.name })),
    ...envFrom.map((one) => ({ by: `${name} with envFrom`, secret: one.secretRef?.name })),
  ]);
  const found = mentioned.find(({ secret }) => secret !== undefined && !mountable.has(secret));
  if (found === undefined) return undefined;
  return `${what} ${found.by} referencing secret.secretName="${found.secret}" is not allowed because service account ${account} does not reference that secret`;
}

function pullSecretProblem(pod: Pod, account: ServiceAccount): string | undefined {
  const allowed = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  const names = (pod.spec.imagePullSecrets ?? []).map((secret) => secret.name);
  const at = names.findIndex((name) => !allowed.has(name));
  if (at < 0) return undefined;
  return `imagePullSecrets[${at}].name="${names[at]}" is not allowed because service account ${account.metadata.name} does not reference that imagePullSecret`;
}
