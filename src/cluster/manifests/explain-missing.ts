import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Event } from "@fairlead/api/core/v1/event/event";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Client } from "@fairlead/client/client";
import { podTrouble, said } from "./pod-trouble.ts";

/** An object that is not ready, and what it lacks: `deployment/web has 0 of 3 pods available`. */
export interface Missing {
  readonly object: KubeObject;
  readonly text: string;
}

/** The most pods of one workload whose reasons are shown. */
const PODS_MAX = 3;

/** Says for each object what it lacks and why, one object a line. Asks for pods and warnings only here, once. */
export async function explainMissing(client: Client, missing: readonly Missing[]): Promise<string> {
  const namespaces = [...new Set(missing.map(({ object }) => object.metadata.namespace))];
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const [pods, events] = await Promise.all([
        client.list(podKind, { namespace }),
        client.list(eventKind, { namespace, fieldSelector: "type=Warning" }),
      ]);
      return [namespace, { pods: pods.items, events: events.items }] as const;
    }),
  );
  const around = new Map(found);
  return missing
    .map(({ object, text }) => [text, ...reasonsOf(object, around.get(object.metadata.namespace))].join(": "))
    .join("\n  ");
}

interface Surroundings {
  readonly pods: readonly Pod[];
  readonly events: readonly Event[];
}

/** Why an object is not ready: of a pod its own reason, of a workload those of its pods. */
export function reasonsOf(object: KubeObject, { pods, events }: Surroundings = { pods: [], events: [] }): string[] {
  if (object.kind === podKind.kind) return [podTrouble(object as Pod, events) ?? []].flat();
  // Only pods and what makes them are waited for.
  const { spec, status } = object as Deployment | ReplicaSet;
  const failures = (status.conditions ?? [])
    .filter(({ type, status: state }) => `${type}=${state}` === "ReplicaFailure=True")
    .map((condition) => said(condition).join(": "));
  const troubled = pods
    .filter(({ metadata }) => metadata.namespace === object.metadata.namespace)
    .filter(({ metadata }) => labelSelectorMatches(spec.selector, metadata.labels))
    .flatMap((pod) => {
      const trouble = podTrouble(pod, events);
      return trouble === undefined ? [] : [`${pod.metadata.name}: ${trouble}`];
    });
  const rest = troubled.length - PODS_MAX;
  const shown = [...failures, ...troubled.slice(0, PODS_MAX), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return shown.length === 0 ? [] : [shown.join("; ")];
}
