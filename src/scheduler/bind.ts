import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { Draft } from "@fairlead/api/schema";
import type { Client } from "@fairlead/client/client";
import { ifThere } from "@fairlead/client/if-there";

/** Gives the pod to the node. Refused with Conflict when it has one, and with NotFound when it is gone. */
export async function bind(client: Client, { metadata }: Pod, nodeName: string): Promise<void> {
  const { namespace = "", name, uid } = metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/binding`;
  await client.raw("POST", path, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { namespace, name, uid },
    target: { kind: "Node", name: nodeName },
  });
}

/** Writes these parts of the pod's status. A pod that is gone needs none. */
export async function writeStatus(
  client: Client,
  { metadata: { namespace, name, uid } }: Pod,
  status: Pick<Draft<PodStatus>, "conditions" | "nominatedNodeName">,
): Promise<void> {
  const patch = { metadata: { uid }, status };
  await ifThere(client.patch(podKind, { namespace, name }, "strategic", patch, { subresource: "status" }));
}
