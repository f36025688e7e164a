import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";

/** What a test says about a pod. */
export interface PodTraits {
  readonly name?: string;
  readonly namespace?: string;
  readonly ips?: readonly string[];
  readonly ready?: boolean;
  readonly terminating?: boolean;
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly readySince?: string;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly containers?: Draft<Pod["spec"]["containers"]>;
  readonly initContainers?: Draft<Pod["spec"]["containers"]>;
}

/** A running, ready pod in the namespace `default` on the node `n1` with the address 10.244.0.1, but for what `traits` says. */
export function pod(traits: PodTraits = {}): Pod {
  const { name = "p1", namespace = "default", ips = ["10.244.0.1"], ready = true, node = "n1" } = traits;
  const draft: Draft<Pod> = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels: traits.labels ?? { app: "web" },
      ...(traits.terminating === true && { deletionTimestamp: "2026-01-01T01:00:00Z" }),
    },
    spec: {
      containers: traits.containers ?? [{ name: "c" }],
      ...(traits.initContainers !== undefined && { initContainers: traits.initContainers }),
      ...(node !== "" && { nodeName: node }),
      ...(traits.hostname !== undefined && { hostname: traits.hostname }),
      ...(traits.subdomain !== undefined && { subdomain: traits.subdomain }),
    },
    status: {
      phase: traits.phase ?? "Running",
      conditions: [
        {
          type: "Ready",
          status: ready ? "True" : "False",
          lastTransitionTime: traits.readySince ?? "2026-01-01T00:00:10Z",
        },
      ],
      ...(ips[0] !== undefined && { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
    },
  };
  return draft as Pod; // The fields that the code under test reads are all there.
}

/** A ClusterIP Service `web` in `default`, selecting `app: web`, port 80 to 8080. */
export function service(
  spec: Partial<Draft<Service["spec"]>> = {},
  metadata: Partial<Draft<Service["metadata"]>> = {},
): Service {
  const draft: Draft<Service> = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web",
      namespace: "default",
      uid: "uid-web",
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.20",
      ipFamilies: ["IPv4"],
      selector: { app: "web" },
      sessionAffinity: "None",
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080 }],
      ...spec,
    },
    status: {},
  };
  return draft as Service; // As above.
}

/** A node with that name and those labels. */
export function node(name: string, labels: Readonly<Record<string, string>> = {}): Node {
  const draft: Draft<Node> = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: `uid-${name}`, labels, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {},
    status: {},
  };
  return draft as Node; // As above.
}
