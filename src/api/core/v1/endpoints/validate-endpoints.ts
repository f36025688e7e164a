import { ipProblems, specialIPProblems } from "../../../addresses.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalidFor, notSupported, required } from "../../../field-error.ts";
import { dnsLabelProblems, dnsSubdomainProblems, portNumberProblems } from "../../../names.ts";
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from "./endpoints-schema.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Which node each address was on. */
type NodeNames = ReadonlyMap<string, string>;

/** What is wrong with an Endpoints object. */
export function validateEndpoints(endpoints: Endpoints, previous?: Endpoints): FieldError[] {
  const nodes = nodeNames(previous?.subsets ?? []);
  return (endpoints.subsets ?? []).flatMap((subset, index) => validateSubset(subset, `subsets[${index}]`, nodes));
}

function nodeNames(subsets: readonly EndpointSubset[]): NodeNames {
  const addresses = subsets.flatMap((s) => [...(s.addresses ?? []), ...(s.notReadyAddresses ?? [])]);
  return new Map(addresses.flatMap(({ ip, nodeName }) => (nodeName === undefined ? [] : [[ip, nodeName] as const])));
}

function validateSubset(subset: EndpointSubset, path: string, nodes: NodeNames): FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const isEmpty = addresses.length === 0 && notReadyAddresses.length === 0;
  return [
    ...(isEmpty ? [required(path, "must specify `addresses` or `notReadyAddresses`")] : []),
    ...addresses.flatMap((address, i) => validateAddress(address, `${path}.addresses[${i}]`, nodes)),
    ...notReadyAddresses.flatMap((address, i) => validateAddress(address, `${path}.notReadyAddresses[${i}]`, nodes)),
    ...ports.flatMap((port, i) => validatePort(port, `${path}.ports[${i}]`, ports.length > 1)),
  ];
}

function validateAddress(
  { ip, hostname = "", nodeName }: EndpointAddress,
  path: string,
  nodes: NodeNames,
): FieldError[] {
  const before = nodes.get(ip);
  const moves = nodeName !== undefined && before !== undefined && before !== nodeName;
  const errors = [
    ...invalidFor(`${path}.ip`, ip, ipProblems(ip)),
    ...(hostname === "" ? [] : invalidFor(`${path}.hostname`, hostname, dnsLabelProblems(hostname))),
    ...(nodeName === undefined ? [] : invalidFor(`${path}.nodeName`, nodeName, dnsSubdomainProblems(nodeName))),
    ...(moves ? [forbidden(`${path}.nodeName`, `Cannot change NodeName for ${ip} to ${nodeName}`)] : []),
  ];
  return errors.length > 0 ? errors : invalidFor(`${path}.ip`, ip, specialIPProblems(ip));
}

function validatePort({ name = "", port, protocol }: EndpointPort, path: string, needsName: boolean): FieldError[] {
  return [
    ...(name === "" && needsName ? [required(`${path}.name`)] : []),
    ...(name === "" ? [] : invalidFor(`${path}.name`, name, dnsLabelProblems(name))),
    ...invalidFor(`${path}.port`, port, portNumberProblems(port)),
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
  ];
}
