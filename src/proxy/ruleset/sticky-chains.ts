import { joined } from "@fairlead/nftables/words/field";
import type { Rule } from "@fairlead/nftables/words/rule";
import type { Chain, NamedSet, NftObject } from "@fairlead/nftables/words/ruleset";
import type { Backend, PortMapping } from "../services/service-ports.ts";
import type { Frontend, Role } from "./frontends.ts";
import { markRules } from "./shared-chains.ts";

/**
 * Chains for a Service port with `sessionAffinity: ClientIP`: per endpoint a chain and the set of the clients it has.
 *
 * The set names the endpoint, not its slot, so that clients stay where they are when others come and go. All ways into
 * the port share the sets: a client has one endpoint, however it comes.
 */
export function stickyChains(mapping: PortMapping, { role, backends }: Frontend): readonly NftObject[] {
  const entry: Chain = {
    object: "chain",
    name: stickyEntry(mapping, role),
    rules: [
      ...markRules(role),
      ...backends.map((backend): Rule => {
        const name = stickyName(mapping, backend);
        return {
          match: [{ is: "in set", key: ["source address"], set: clientsOf(name, mapping) }],
          action: goTo(name),
        };
      }),
      { match: [], action: { do: "choose", chains: backends.map((backend) => stickyName(mapping, backend)) } },
    ],
  };
  return [entry, ...backends.flatMap((backend) => endpointObjects(mapping, backend))];
}

/** The chain that a frontend's verdict goes to. */
export function stickyEntry(mapping: PortMapping, role: Role): string {
  return `${portName(mapping)}-${role}`;
}

function endpointObjects(mapping: PortMapping, backend: Backend): readonly NftObject[] {
  const name = stickyName(mapping, backend);
  const clients: NamedSet = {
    object: "set",
    name: clientsOf(name, mapping),
    key: ["address"],
    timeoutSeconds: mapping.affinitySeconds ?? 0,
  };
  const chain: Chain = {
    object: "chain",
    name,
    rules: [
      // A rule of its own: with the set full the client is still served, only not remembered.
      { match: [], action: { do: "remember", key: ["source address"], set: clients.name } },
      {
        match: [{ is: "one of", field: "protocol", values: [mapping.protocol] }],
        action: { do: "translate to", endpoint: joined(backend.address, backend.port) },
      },
    ],
  };
  return [clients, chain];
}

function stickyName(mapping: PortMapping, { address, port }: Backend): string {
  return `${portName(mapping)}-${identifier(address)}-${port}`;
}

/** The timeout is part of the name: a set's cannot be changed, and a new name starts afresh. */
function clientsOf(chainName: string, { affinitySeconds }: PortMapping): string {
  return `${chainName}-${affinitySeconds}s`;
}

function portName({ clusterIP, protocol, port }: PortMapping): string {
  return `sticky-${identifier(clusterIP)}-${protocol}-${port}`;
}

/** Names may hold dots, but no colons. */
function identifier(address: string): string {
  return address.replaceAll(":", "_");
}

function goTo(chain: string): Rule["action"] {
  return { do: "goto", chain };
}
