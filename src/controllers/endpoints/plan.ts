import type { EndpointPort, EndpointSubset, Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Draft } from "@fairlead/api/schema";
import { LABEL } from "@fairlead/api/well-known";
import { hasClusterIP } from "../service-pods/is-pod-an-endpoint.ts";
import { LAST_CHANGE_TRIGGER_TIME } from "../service-pods/trigger-time.ts";
import { type ServiceAddresses, sameAddress } from "./service-addresses.ts";
import { subsetsOf } from "./subsets.ts";

/** The annotation that says that addresses were cut off. */
export const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
/** What the label {@link LABEL.managedByOfEndpoints} of these Endpoints says. */
export const CONTROLLER_NAME = "endpoint-controller";

/** Everything the plan depends on beside the Service and its pods. */
export interface EndpointsInputs {
  /** The Endpoints with the Service's name, regardless of their author. */
  readonly current: Endpoints | undefined;
  readonly triggerTime: string | undefined;
}

/** The write, with the whole object. */
export type EndpointsChange =
  | { readonly verb: "create"; readonly endpoints: Draft<Endpoints> }
  | { readonly verb: "update"; readonly endpoints: Endpoints };

/** Returns the write that makes a Service's Endpoints match its pods, if one is needed. */
export function planEndpoints(
  state: ServiceAddresses,
  { current, triggerTime }: EndpointsInputs,
): EndpointsChange | undefined {
  const { service } = state;
  const { subsets, isTruncated } = subsetsOf(state);
  const labels = {
    ...service.metadata.labels,
    ...(!hasClusterIP(service) && { [LABEL.headless]: "" }),
    [LABEL.managedByOfEndpoints]: CONTROLLER_NAME,
  };
  const capacity = isTruncated ? "truncated" : undefined;
  if (current !== undefined && isAsWanted(current, { subsets, labels, capacity })) return undefined;

  const { [LAST_CHANGE_TRIGGER_TIME]: _t, [OVER_CAPACITY]: _c, ...others } = current?.metadata.annotations ?? {};
  const annotations = {
    ...others,
    ...(triggerTime !== undefined && { [LAST_CHANGE_TRIGGER_TIME]: triggerTime }),
    ...(capacity !== undefined && { [OVER_CAPACITY]: capacity }),
  };
  if (current !== undefined) {
    return {
      verb: "update",
      endpoints: { ...current, metadata: { ...current.metadata, labels, annotations }, subsets },
    };
  }
  const { name, namespace } = service.metadata;
  return {
    verb: "create",
    endpoints: { apiVersion: "v1", kind: "Endpoints", metadata: { name, namespace, labels, annotations }, subsets },
  };
}

function isAsWanted(
  current: Endpoints,
  wanted: Pick<Endpoints, "subsets"> & {
    readonly labels: Readonly<Record<string, string>>;
    readonly capacity: string | undefined;
  },
): boolean {
  const { labels = {}, annotations = {} } = current.metadata;
  const names = Object.keys(wanted.labels);
  return (
    annotations[OVER_CAPACITY] === wanted.capacity &&
    names.length === Object.keys(labels).length &&
    names.every((name) => labels[name] === wanted.labels[name]) &&
    sameList(current.subsets, wanted.subsets, sameSubset)
  );
}

function sameSubset(a: EndpointSubset, b: EndpointSubset): boolean {
  return (
    sameList(a.ports, b.ports, samePort) &&
    sameList(a.addresses, b.addresses, sameAddress) &&
    sameList(a.notReadyAddresses, b.notReadyAddresses, sameAddress)
  );
}

function samePort(a: EndpointPort, b: EndpointPort): boolean {
  return (
    (a.name ?? "") === (b.name ?? "") &&
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.appProtocol ?? "") === (b.appProtocol ?? "")
  );
}

function sameList<T>(a: readonly T[] = [], b: readonly T[] = [], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => isSame(item, b[i] as T)); // As many as in `a`.
}
