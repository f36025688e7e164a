import type { Container } from "@fairlead/api/core/v1/pod/container";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import { requirementsOf } from "@fairlead/api/selectors/label-selector";
import type { Requirement } from "@fairlead/api/selectors/requirement";
import type { Client } from "@fairlead/client/client";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { Backends, DeclaredPort } from "./backends.ts";
import { podBackends, podPorts, serviceBackends, servicePorts, workloadBackends } from "./backends.ts";
import type { Target } from "./target.ts";

/** Reads one target from the API for each connection, so that nothing is stale. */
export interface TargetView {
  /** @throws {StatusError} when there is no such object, or it may not be read. */
  declaredPorts(): Promise<readonly DeclaredPort[]>;
  /** Where a new connection to the port may go now. Throws as `declaredPorts`. */
  backends(port: number | string): Promise<Backends>;
}

/** Sees a target through the API. */
export function viewTarget(client: Client, target: Target): TargetView {
  const { namespace, name } = target;
  switch (target.kind) {
    case "Service":
      return {
        declaredPorts: async () => {
          const service = await client.get(serviceKind, { namespace, name });
          if (service.spec.type !== "ExternalName") return servicePorts(service);
          const { externalName } = service.spec;
          throw new ExpectedError(
            `Cannot forward to service/${name}: it is a name for "${externalName}" and has no pods`,
          );
        },
        backends: async (port) => {
          const labelSelector = `kubernetes.io/service-name=${name}`;
          const [service, slices] = await Promise.all([
            client.get(serviceKind, { namespace, name }),
            client.list(endpointSliceKind, { namespace, labelSelector }),
          ]);
          return serviceBackends(service, slices.items, port);
        },
      };
    case "Pod":
      return {
        declaredPorts: async () => podPorts((await client.get(podKind, { namespace, name })).spec),
        backends: async (port) => podBackends(await client.get(podKind, { namespace, name }), port),
      };
    default:
      return viewWorkload(client, target);
  }
}

/** What all workloads of `apps/v1` have, which is all that is read of them. */
interface Workload {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
  };
}

function viewWorkload(client: Client, { kind, namespace, name }: Target): TargetView {
  const path = ["apis/apps/v1/namespaces", namespace, `${kind.toLowerCase()}s`, name].map(encodeURI).join("/");
  const read = () => client.raw<Workload>("GET", `/${path}`);
  return {
    declaredPorts: async () => podPorts((await read()).spec?.template?.spec ?? {}),
    backends: async (port) => {
      const requirements = requirementsOf((await read()).spec?.selector ?? {});
      const labelSelector = requirements.map(requirementText).join(",");
      return workloadBackends((await client.list(podKind, { namespace, labelSelector })).items, port);
    },
  };
}

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.join(",")})`;
    case "NotIn":
      return `${key} notin (${values.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    default:
      throw new Error(`Cannot ask for labels by the operator ${operator}`);
  }
}
