import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { Draft } from "@fairlead/api/schema";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { bgpDefinitions } from "./bgp-definitions.ts";
import { configurationStates, MESSAGE_LENGTH_MAX } from "./configuration-state.ts";
import { define } from "./define.ts";
import { ipAddressPools } from "./ip-address-pool.ts";
import { flag, immutable, integer, labelSelector, labelSelectors, listOf, object, text } from "./json-schema.ts";
import { l2Advertisements } from "./l2-advertisement.ts";
import { serviceL2Statuses } from "./service-l2-status.ts";

/** Longest text of a range: two IPv6 addresses with room around the hyphen. A rule's cost is limited by it. */
const RANGE_LENGTH_MAX = 128;
/** One condition of each type, as everywhere in Kubernetes. */
const LIST_OF_CONDITIONS = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] } as const;

/** The kinds that pools and advertisements are written in: MetalLB's, field by field. (https://metallb.io/apis/) */
export const definitions: readonly Draft<CustomResourceDefinition>[] = [
  define(ipAddressPools, {
    columns: [
      { name: "Auto Assign", jsonPath: ".spec.autoAssign", type: "boolean" },
      { name: "Avoid Buggy IPs", jsonPath: ".spec.avoidBuggyIPs", type: "boolean" },
      { name: "Addresses", jsonPath: ".spec.addresses" },
    ],
    schema: object("Addresses that Services of type LoadBalancer get.", { spec: poolSpec(), status: poolStatus() }, [
      "spec",
    ]),
  }),
  define(l2Advertisements, {
    columns: [
      { name: "IPAddressPools", jsonPath: ".spec.ipAddressPools" },
      { name: "IPAddressPool Selectors", jsonPath: ".spec.ipAddressPoolSelectors" },
      { name: "Interfaces", jsonPath: ".spec.interfaces" },
      { name: "Node Selectors", jsonPath: ".spec.nodeSelectors", priority: 10 },
    ],
    schema: object("Which nodes answer by ARP and NDP for the addresses of which pools.", {
      spec: l2Spec(),
      status: object("Nothing yet.", {}),
    }),
  }),
  define(serviceL2Statuses, {
    columns: [
      { name: "Allocated Node", jsonPath: ".status.node" },
      { name: "Service Name", jsonPath: ".status.serviceName" },
      { name: "Service Namespace", jsonPath: ".status.serviceNamespace" },
    ],
    schema: object("Which node answers for a Service's addresses.", {
      spec: object("Empty.", {}),
      status: object("Written by the node that answers.", {
        node: immutable("The node that packets for the Service come to."),
        serviceName: immutable("Name of the Service."),
        serviceNamespace: immutable("Namespace of the Service."),
        interfaces: listOf(
          object("An interface of the node.", { name: text("Its name.") }),
          "The interfaces that packets for the Service come to.",
        ),
      }),
    }),
  }),
  define(configurationStates, {
    columns: [
      { name: "Result", jsonPath: ".status.result" },
      { name: "ErrorSummary", jsonPath: ".status.errorSummary" },
      { name: "Age", jsonPath: ".metadata.creationTimestamp", type: "date" },
    ],
    schema: object("Whether what is written in these kinds is in force, as one program sees it.", {
      status: object("Written by that program.", {
        result: { ...text("Valid, Invalid, or Unknown."), enum: ["Valid", "Invalid", "Unknown"] },
        errorSummary: text("All that is wrong. Empty when nothing is."),
        conditions: { ...listOf(condition(), "What is true of parts of it."), ...LIST_OF_CONDITIONS },
      }),
    }),
  }),
  ...bgpDefinitions,
];

function poolSpec(): JsonSchema {
  const range: JsonSchema = {
    ...{ type: "string", maxLength: RANGE_LENGTH_MAX },
    "x-kubernetes-validations": [
      {
        rule: "isCIDR(self) || (self.contains('-') && self.split('-', 2).all(end, isIP(end.trim())))",
        message: "must be a range of IP addresses, such as 192.168.1.240-192.168.1.250 or 192.168.10.0/24",
      },
    ],
  };
  const spec = object(
    "What is wanted.",
    {
      addresses: listOf(range, "Ranges of addresses, as 192.168.1.240-192.168.1.250 or 192.168.10.0/24."),
      autoAssign: {
        ...flag("Whether a Service gets an address of it that asks for none of it by name. Default true."),
        default: true,
      },
      avoidBuggyIPs: {
        ...flag("Whether addresses that end in .0 or .255 are left out. Default false."),
        default: false,
      },
      serviceAllocation: object("The Services that the pool is for. Default: all that have no pool of their own.", {
        priority: integer("Lower ones are tried first; pools without one last."),
        namespaces: listOf({ type: "string" }, "Names of namespaces."),
        namespaceSelectors: labelSelectors("Conditions on labels of namespaces. One has to match."),
        serviceSelectors: labelSelectors("Conditions on labels of Services. One has to match."),
      }),
    },
    ["addresses"],
  );
  return { ...spec, properties: { ...spec.properties, addresses: { ...spec.properties?.addresses, maxItems: 1_000 } } };
}

function poolStatus(): JsonSchema {
  const counts = {
    assignedIPv4: "IPv4 addresses that Services have.",
    assignedIPv6: "IPv6 addresses that Services have.",
    availableIPv4: "IPv4 addresses that are left.",
    availableIPv6: "IPv6 addresses that are left.",
  };
  const fields = Object.entries(counts).map(([name, description]) => [name, integer(description, { format: "int64" })]);
  return object("What was observed.", Object.fromEntries(fields), Object.keys(counts));
}

function l2Spec(): JsonSchema {
  return object("What is wanted.", {
    ipAddressPools: listOf({ type: "string" }, "Names of pools."),
    ipAddressPoolSelectors: labelSelectors("Conditions on labels of pools. Default, with no names either: all pools."),
    nodeSelectors: labelSelectors("Conditions on labels of nodes; one has to match. Default: all nodes."),
    interfaces: listOf({ type: "string" }, "Interfaces of a node that it answers at. Default: all."),
    serviceSelectors: labelSelectors("Conditions on labels of Services; one has to match. Default: all Services."),
    preferredNodeSelectors: listOf(
      object(
        "Nodes that come first while they can answer.",
        {
          weight: integer("What a node gets for matching, from 1 to 100. The sum decides.", {
            minimum: 1,
            maximum: 100,
          }),
          preference: labelSelector("Conditions on labels of nodes."),
        },
        ["weight", "preference"],
      ),
      "Nodes that come first while they can answer.",
    ),
  });
}

function condition(): JsonSchema {
  const fields = {
    type: text("What the condition is about."),
    status: { ...text("True, False or Unknown."), enum: ["True", "False", "Unknown"] },
    observedGeneration: integer("Generation of the object that it is about.", { format: "int64", minimum: 0 }),
    lastTransitionTime: { ...text("When the status last changed."), format: "date-time" },
    reason: { ...text("One word, in CamelCase, for programs."), minLength: 1, maxLength: 1_024 },
    message: { ...text("A sentence for people."), maxLength: MESSAGE_LENGTH_MAX },
  };
  const required = ["type", "status", "lastTransitionTime", "reason", "message"];
  return object("Something that is true of an object, or not.", fields, required);
}
