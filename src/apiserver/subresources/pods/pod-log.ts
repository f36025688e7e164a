import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { responseAnswer } from "../../answers/answer.ts";
import { textResponse } from "../../http/response.ts";
import type { KubeletConnection } from "../kubelet-connection.ts";
import { backendError } from "../proxy/backend-error.ts";
import type { SubresourceHandler } from "../subresource.ts";
import { logLocation } from "./pod-log-plan.ts";

/** `pods/log`: what a container wrote, passed on as it comes from the pod's kubelet. */
export function podLog({ kubelets }: { readonly kubelets: KubeletConnection }): SubresourceHandler {
  return {
    groupResource: "pods",
    isLong: true,
    name: "log",
    async handle({ request, name, query, parent }) {
      // The registry serves this only below pods.
      const location = logLocation(parent as Pod, query);
      if (location === undefined) return responseAnswer(textResponse(200, ""));
      const response = await kubelets.request(location.nodeName, {
        method: "GET",
        path: location.path,
        headers: {},
        ...(request.signal !== undefined && { signal: request.signal }),
      });
      if (response.status !== 200) throw await backendError(response, `pods/log ${name}`);
      return responseAnswer({ status: 200, headers: { "content-type": "text/plain" }, body: response.body });
    },
  };
}
