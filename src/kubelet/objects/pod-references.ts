import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { AnyContainer } from "../sync/pod-state.ts";
import { allContainers } from "../sync/pod-state.ts";

/** Names of the ConfigMaps and Secrets, in the pod's namespace, that something refers to. */
export interface References {
  readonly configMaps: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

/** What the environment of a container is made of. */
export function envReferences({ env = [], envFrom = [] }: Pick<AnyContainer, "env" | "envFrom">): References {
  return {
    configMaps: names([
      ...envFrom.map((from) => from.configMapRef?.name),
      ...env.map((variable) => variable.valueFrom?.configMapKeyRef?.name),
    ]),
    secrets: names([
      ...envFrom.map((from) => from.secretRef?.name),
      ...env.map((variable) => variable.valueFrom?.secretKeyRef?.name),
    ]),
  };
}

/** What the pod's volumes are made of. */
export function volumeReferences({ spec }: Pod): References {
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap((volume) => volume.projected?.sources ?? []);
  return {
    configMaps: names([...volumes, ...sources].map((source) => source.configMap?.name)),
    secrets: names([
      ...volumes.map((volume) => volume.secret?.secretName),
      ...sources.map((source) => source.secret?.name),
    ]),
  };
}

/** Everything the pod refers to, its pull secrets included. */
export function podReferences(pod: Pod): References {
  const all = [volumeReferences(pod), ...allContainers(pod).map(({ container }) => envReferences(container))];
  return {
    configMaps: new Set(all.flatMap((r) => [...r.configMaps])),
    secrets: names([...all.flatMap((r) => [...r.secrets]), ...(pod.spec.imagePullSecrets ?? []).map((s) => s.name)]),
  };
}

function names(values: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(values.flatMap((name) => (name === undefined || name === "" ? [] : [name])));
}
