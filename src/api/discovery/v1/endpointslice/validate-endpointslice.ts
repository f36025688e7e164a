import { ipProblems, isIPv4, isIPv6, specialIPProblems, strictIPProblems } from "../../../addresses.ts";
import { repeatedIndices } from "../../../by-key.ts";
import type { FieldError } from "../../../field-error.ts";
import { duplicate, invalidFor, notSupported, required, tooMany } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems } from "../../../names.ts";
import type { Endpoint, EndpointPort, EndpointSlice } from "./endpointslice-schema.ts";

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const ENDPOINTS_MAX = 1000;
const ADDRESSES_MAX = 100;
const PORTS_MAX = 20_000;
const HINTS_MAX = 8;

/** What is wrong with an EndpointSlice. */
export function validateEndpointSlice(slice: EndpointSlice, previous?: EndpointSlice): FieldError[] {
  const { addressType, endpoints, ports } = slice;
  const repeated = repeatedIndices(ports, ({ name }) => name);
  return [
    ...validateAddressType(addressType),
    ...(endpoints.length > ENDPOINTS_MAX ? [tooMany("endpoints", endpoints.length, ENDPOINTS_MAX)] : []),
    ...endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, addressType, `endpoints[${index}]`)),
    ...(ports.length > PORTS_MAX ? [tooMany("ports", ports.length, PORTS_MAX)] : []),
    ...ports.flatMap((port, index) => validatePort(port, index, repeated.has(index))),
    ...(previous === undefined ? [] : validateImmutable(addressType, previous.addressType, "addressType")),
  ];
}

function validateAddressType(addressType: string): FieldError[] {
  if (addressType === "") return [required("addressType")];
  return ADDRESS_TYPES.includes(addressType) ? [] : [notSupported("addressType", addressType, ADDRESS_TYPES)];
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const { addresses, hostname, nodeName, hints = {}, deprecatedTopology = {} } = endpoint;
  const topologyKeys = Object.keys(deprecatedTopology);
  return [
    ...(addresses.length === 0 ? [required(`${path}.addresses`, "must contain at least 1 address")] : []),
    ...(addresses.length > ADDRESSES_MAX ? [tooMany(`${path}.addresses`, addresses.length, ADDRESSES_MAX)] : []),
    ...addresses.flatMap((address, i) =>
      invalidFor(`${path}.addresses[${i}]`, address, addressProblems(address, addressType)),
    ),
    ...(nodeName === undefined ? [] : invalidFor(`${path}.nodeName`, nodeName, dnsSubdomainProblems(nodeName))),
    ...topologyKeys.flatMap((key) => invalidFor(`${path}.deprecatedTopology`, key, labelKeyProblems(key))),
    ...(hostname === undefined ? [] : invalidFor(`${path}.hostname`, hostname, dnsLabelProblems(hostname))),
    ...validateHints(hints.forZones ?? [], `${path}.hints.forZones`),
    ...validateHints(hints.forNodes ?? [], `${path}.hints.forNodes`),
  ];
}

function addressProblems(address: string, addressType: string): string[] {
  if (addressType === "FQDN") return dnsSubdomainProblems(address.replace(/\.$/, ""));
  const malformed = ipProblems(address);
  if (malformed.length > 0) return malformed;
  const notStrict = addressType === "IPv6" ? strictIPProblems(address) : [];
  if (notStrict.length > 0) return notStrict;
  const fits = addressType === "IPv6" ? isIPv6(address) : isIPv4(address);
  return [...(fits ? [] : [`must be an ${addressType} address`]), ...specialIPProblems(address)];
}

function validateHints(hints: readonly { readonly name: string }[], path: string): FieldError[] {
  if (hints.length > HINTS_MAX) return [tooMany(path, hints.length, HINTS_MAX)];
  const repeated = repeatedIndices(hints, ({ name }) => name);
  return hints.flatMap(({ name }, index) => [
    ...(repeated.has(index) ? [duplicate(`${path}[${index}].name`, name)] : []),
    ...invalidFor(`${path}[${index}].name`, name, labelKeyProblems(name)),
  ]);
}

function validatePort(port: EndpointPort, index: number, isRepeated: boolean): FieldError[] {
  const { name, protocol, appProtocol } = port;
  const path = `ports[${index}]`;
  return [
    ...(name === "" ? [] : invalidFor(`${path}.name`, name, dnsLabelProblems(name))),
    ...(isRepeated ? [duplicate(`${path}.name`, name)] : []),
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)]),
    ...(appProtocol === undefined ? [] : invalidFor(`${path}.appProtocol`, appProtocol, labelKeyProblems(appProtocol))),
  ];
}
