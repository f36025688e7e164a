import type { FieldError } from "../../../../field-error.ts";
import { duplicate, invalidFor, notSupported, required } from "../../../../field-error.ts";
import { portNameProblems, portNumberProblems } from "../../../../names.ts";
import type { Container, ContainerPort } from "../container.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** What is wrong with the ports of one container. */
export function validateContainerPorts(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => [
    ...validateName(port.name ?? "", names, `${path}[${index}].name`),
    ...validatePort(port, `${path}[${index}]`),
  ]);
}

/** Remembers the name. */
function validateName(name: string, names: Set<string>, path: string): FieldError[] {
  if (name === "") return [];
  const problems = portNameProblems(name);
  if (problems.length > 0) return invalidFor(path, name, problems);
  if (names.has(name)) return [duplicate(path, name)];
  names.add(name);
  return [];
}

function validatePort({ containerPort, hostPort = 0, protocol }: ContainerPort, path: string): FieldError[] {
  return [
    ...(containerPort === 0
      ? [required(`${path}.containerPort`)]
      : invalidFor(`${path}.containerPort`, containerPort, portNumberProblems(containerPort))),
    ...(hostPort === 0 ? [] : invalidFor(`${path}.hostPort`, hostPort, portNumberProblems(hostPort))),
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
  ];
}

/** The host's ports that several containers want. */
export function validateHostPorts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, c) =>
    ports.flatMap(({ hostPort = 0, hostIP = "", protocol }, p) => {
      if (hostPort === 0) return [];
      const wanted = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(wanted)) return [duplicate(`${path}[${c}].ports[${p}].hostPort`, wanted)];
      taken.add(wanted);
      return [];
    }),
  );
}
