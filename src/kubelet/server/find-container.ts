import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import type { NodePods } from "../node-pods.ts";
import { Refusal } from "./refusal.ts";

/** The pod a request names. @throws {@link Refusal} 404 when it is not on this node, or is another one by now. */
export function findPod(pods: NodePods, namespace: string, name: string, uid?: string): Pod {
  const pod = pods.find(namespace, name);
  if (pod === undefined) throw new Refusal(404, "pod does not exist");
  if (uid !== undefined && pod.metadata.uid !== uid) throw new Refusal(404, "pod not found");
  return pod;
}

/** The newest container of that name. @throws {@link Refusal} 500, as upstream, while there is none. */
export function findContainer(pods: NodePods, pod: Pod, container: string): string {
  const id = pods.containerId(pod, container);
  if (id === undefined) throw new Refusal(500, `container not found (${goQuote(container)})`);
  return id;
}
