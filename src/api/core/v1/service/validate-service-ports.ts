import { repeatedIndices } from "../../../by-key.ts";
import type { FieldError } from "../../../field-error.ts";
import { duplicate, forbidden, invalidFor, notSupported, required } from "../../../field-error.ts";
import { dnsLabelProblems, labelKeyProblems, portNameProblems, portNumberProblems } from "../../../names.ts";
import type { ServicePort, ServiceSpec } from "./service-schema.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** What is wrong with the ports of a Service, each for itself and among each other. */
export function validateServicePorts({ ports = [], type }: ServiceSpec): FieldError[] {
  const at = (index: number) => `spec.ports[${index}]`;
  const names = repeatedIndices(ports, ({ name }) => name);
  return [
    ...ports.flatMap((port, index) => [
      ...validatePortName(port.name ?? "", index, { isOnly: ports.length === 1, isRepeated: names.has(index) }),
      ...validatePort(port, index),
    ]),
    ...(type === "ClusterIP"
      ? ports.flatMap((port, index) =>
          (port.nodePort ?? 0) === 0
            ? []
            : [forbidden(`${at(index)}.nodePort`, "may not be used when `type` is 'ClusterIP'")],
        )
      : []),
    ...repeated(ports, (port) => ((port.nodePort ?? 0) === 0 ? undefined : `${port.protocol}/${port.nodePort}`)).map(
      ([port, index]) => duplicate(`${at(index)}.nodePort`, port.nodePort),
    ),
    ...repeated(ports, (port) => `${port.protocol}/${port.port}`).map(([port, index]) =>
      // Upstream shows the port as its Go struct.
      duplicate(at(index), {
        Name: "",
        Protocol: port.protocol,
        AppProtocol: null,
        Port: port.port,
        TargetPort: 0,
        NodePort: 0,
      }),
    ),
  ];
}

function validatePort(port: ServicePort, index: number): FieldError[] {
  const path = `spec.ports[${index}]`;
  return [
    ...invalidFor(`${path}.port`, port.port, portNumberProblems(port.port)),
    ...(PROTOCOLS.includes(port.protocol) ? [] : [notSupported(`${path}.protocol`, port.protocol, PROTOCOLS)]),
    ...validatePortNumberOrName(port.targetPort ?? port.port, `${path}.targetPort`),
    ...(port.appProtocol === undefined
      ? []
      : invalidFor(`${path}.appProtocol`, port.appProtocol, labelKeyProblems(port.appProtocol))),
  ];
}

function validatePortName(
  name: string,
  index: number,
  { isOnly, isRepeated }: { readonly isOnly: boolean; readonly isRepeated: boolean },
): FieldError[] {
  const path = `spec.ports[${index}].name`;
  if (name === "") return isOnly ? [] : [required(path)];
  return [...invalidFor(path, name, dnsLabelProblems(name)), ...(isRepeated ? [duplicate(path, name)] : [])];
}

/** What is wrong with a port that may be given by number or by name. */
export function validatePortNumberOrName(port: number | string, path: string): FieldError[] {
  return invalidFor(path, port, typeof port === "number" ? portNumberProblems(port) : portNameProblems(port));
}

/** The items whose key an earlier one has too, with their indices. */
function repeated<T>(items: readonly T[], keyOf: (item: T) => string | undefined): (readonly [T, number])[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    if (seen.has(key)) return [[item, index] as const];
    seen.add(key);
    return [];
  });
}
