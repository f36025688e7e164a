import type { Service } from "@fairlead/api/core/v1/service/service";
import { bracketed } from "@fairlead/lib/ip-family";

/**
 * The variables by which containers find Services: `QUOTE_SERVICE_HOST`, `QUOTE_SERVICE_PORT`, and Docker's link
 * variables. The `kubernetes` Service is in every pod; the others of the pod's namespace where `enableServiceLinks` is on.
 */
export function serviceEnv(
  services: readonly Service[],
  { namespace, links }: { readonly namespace: string; readonly links: boolean },
): ReadonlyMap<string, string> {
  const visible = services
    .filter((s) => s.spec.clusterIP !== undefined && s.spec.clusterIP !== "" && s.spec.clusterIP !== "None")
    .filter((s) => isApiService(s) || (links && s.metadata.namespace === namespace))
    // The namespace's own Service of that name goes before the API server's.
    .toSorted((a, b) => Number(b.metadata.namespace === namespace) - Number(a.metadata.namespace === namespace));

  const env = new Map<string, string>();
  for (const service of visible) {
    for (const [name, value] of variablesOf(service)) if (!env.has(name)) env.set(name, value);
  }
  return env;
}

function isApiService({ metadata }: Service): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}

function variablesOf({ metadata, spec }: Service): readonly (readonly [string, string])[] {
  const prefix = variableName(metadata.name);
  const ip = spec.clusterIP ?? "";
  const host = bracketed(ip);
  const { ports = [] } = spec;
  const [first] = ports;
  if (first === undefined) return [[`${prefix}_SERVICE_HOST`, ip]];
  const url = (port: typeof first) => `${port.protocol.toLowerCase()}://${host}:${port.port}`;
  return [
    [`${prefix}_SERVICE_HOST`, ip],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
    ...ports
      .filter((p) => p.name !== undefined && p.name !== "")
      .map((p) => [`${prefix}_SERVICE_PORT_${variableName(p.name ?? "")}`, String(p.port)] as const),
    [`${prefix}_PORT`, url(first)],
    ...ports.flatMap((port) => {
      const portPrefix = `${prefix}_PORT_${port.port}_${port.protocol}`;
      return [
        [portPrefix, url(port)],
        [`${portPrefix}_PROTO`, port.protocol.toLowerCase()],
        [`${portPrefix}_PORT`, String(port.port)],
        [`${portPrefix}_ADDR`, ip],
      ] as const;
    }),
  ];
}

function variableName(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}
