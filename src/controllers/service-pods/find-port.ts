import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ServicePort } from "@fairlead/api/core/v1/service/service";

/**
 * The port of the pod that a Service port leads to; `undefined` when it is named and the pod has no such port.
 *
 * A name is looked for in the containers, then in init containers that go on running (sidecars), with the same protocol.
 */
export function findPort(pod: Pod, servicePort: ServicePort): number | undefined {
  const target = servicePort.targetPort ?? servicePort.port;
  if (typeof target === "number") return target;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  for (const container of [...pod.spec.containers, ...sidecars]) {
    const port = container.ports?.find((p) => p.name === target && p.protocol === servicePort.protocol);
    if (port !== undefined) return port.containerPort;
  }
  return undefined;
}
