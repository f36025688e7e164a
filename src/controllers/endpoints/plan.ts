import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { LABEL } from "@fairlead/api/well-known";
import { hasClusterIP } from "../service-pods/is-pod-an-endpoint.ts";
import { LAST_CHANGE_TRIGGER_TIME } from "../service-pods/trigger-time.ts";
import { subsetsOf } from "./subsets.ts";
import { truncate } from "./truncate.ts";

/** The annotation that says that addresses were cut off. */
export const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
/** What the label {@link LABEL.managedByOfEndpoints} of these Endpoints says. */
export const CONTROLLER_NAME = "endpoint-controller";

/** Everything the plan may depend on. */
export interface EndpointsInputs {
  readonly service: Service;
  /** Pods that the Service selects, in any phase. */
  readonly pods: readonly Pod[];
  /** The Endpoints with the Service's name, regardless of their author. */
  readonly current: Endpoints | undefined;
  readonly triggerTime: string | undefined;
}

/** The write, with the whole object. */
export type EndpointsChange =
  | { readonly verb: "create"; readonly endpoints: Draft<Endpoints> }
  | { readonly verb: "update"; readonly endpoints: Endpoints };

/** The write that makes a Service's Endpoints match its pods, if one is needed. Pure. */
export function planEndpoints({ service, pods, current, triggerTime }: EndpointsInputs): EndpointsChange | undefined {
  const all = subsetsOf(service, pods);
  const truncated = truncate(all);
  const subsets = truncated ?? all;
  const labels = {
    ...service.metadata.labels,
    ...(!hasClusterIP(service) && { [LABEL.headless]: "" }),
    [LABEL.managedByOfEndpoints]: CONTROLLER_NAME,
  };
  const capacity = truncated === undefined ? undefined : "truncated";
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
    canonical(current.subsets) === canonical(wanted.subsets)
  );
}

/** The same text for the same subsets, whatever order their fields are in and which resource version a pod had. */
function canonical(subsets: Endpoints["subsets"]): string {
  const address = (a: {
    ip: string;
    hostname?: unknown;
    nodeName?: unknown;
    targetRef?: { uid?: unknown } | undefined;
  }) => [a.ip, a.hostname ?? "", a.nodeName ?? "", a.targetRef?.uid ?? ""];
  return JSON.stringify(
    (subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }) => [
      addresses.map(address),
      notReadyAddresses.map(address),
      ports.map((p) => [p.name ?? "", p.port, p.protocol, p.appProtocol ?? ""]),
    ]),
  );
}
