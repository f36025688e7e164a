import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";

/** A ClusterIP Service `shop/quote`, port 80, as the API server would answer it, with what the test is about. */
export function service(spec: Draft<Service["spec"]> = {}, more: Draft<Service> = {}): Service {
  const whole: Draft<Service> = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "quote", namespace: "shop", ...more.metadata },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.5",
      sessionAffinity: "None",
      ports: [{ port: 80, protocol: "TCP" }],
      ...spec,
    },
    status: more.status ?? {},
  };
  // What tests read is there; the rest the proxy does not look at.
  return whole as Service;
}

/** A slice of `shop/quote` with the endpoints written as `10.244.1.2@node-1`, `!` for not ready, `~` for terminating. */
export function slice(endpoints: string, more: Draft<EndpointSlice> = {}): EndpointSlice {
  const parsed = endpoints
    .split(" ")
    .filter((text) => text !== "")
    .map(endpoint);
  const whole: Draft<EndpointSlice> = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "quote-1",
      namespace: "shop",
      labels: { "kubernetes.io/service-name": "quote" },
      ...more.metadata,
    },
    addressType: more.addressType ?? (endpoints.includes(":") ? "IPv6" : "IPv4"),
    endpoints: parsed,
    ports: more.ports ?? [{ name: "", protocol: "TCP", port: 8080 }],
  };
  return whole as EndpointSlice;
}

function endpoint(text: string): Draft<Endpoint> {
  const [, address = "", node, mark] = /^([^@!~#]+)(?:@([\w-]+))?([!~])?$/.exec(text) ?? [];
  const conditions = {
    ready: mark === undefined,
    serving: mark !== "!",
    terminating: mark === "~",
  };
  return { addresses: [address], conditions, ...(node !== undefined && { nodeName: node }) };
}
