import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { Draft } from "@fairlead/api/schema";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { bfdProfiles } from "./bfd-profile.ts";
import { bgpAdvertisements } from "./bgp-advertisement.ts";
import { bgpPeers } from "./bgp-peer.ts";
import { communities } from "./community.ts";
import { define } from "./define.ts";
import { flag, immutable, integer, labelSelectors, listOf, object, text } from "./json-schema.ts";
import { serviceBGPStatuses } from "./service-bgp-status.ts";

const AS_NUMBER_MAX = 4_294_967_295;
const NO_STATUS = object("Nothing yet.", {});

/** The kinds for BGP: MetalLB's, field by field. (https://metallb.io/apis/) */
export const bgpDefinitions: readonly Draft<CustomResourceDefinition>[] = [
  define(bgpPeers, {
    columns: [
      { name: "Address", jsonPath: ".spec.peerAddress" },
      { name: "ASN", jsonPath: ".spec.peerASN" },
      { name: "BFD Profile", jsonPath: ".spec.bfdProfile" },
      { name: "Multi Hops", jsonPath: ".spec.ebgpMultiHop" },
    ],
    schema: object("A router that nodes announce addresses to.", { spec: peerSpec(), status: NO_STATUS }),
    earlier: {
      name: "v1beta1",
      schema: object("A router that nodes announce addresses to.", { spec: earlierPeerSpec(), status: NO_STATUS }),
      warning: "v1beta1 is deprecated, please use v1beta2",
    },
  }),
  define(bgpAdvertisements, {
    columns: [
      { name: "IPAddressPools", jsonPath: ".spec.ipAddressPools" },
      { name: "IPAddressPool Selectors", jsonPath: ".spec.ipAddressPoolSelectors" },
      { name: "Peers", jsonPath: ".spec.peers" },
      { name: "Node Selectors", jsonPath: ".spec.nodeSelectors", priority: 10 },
    ],
    schema: object("Has nodes announce addresses of pools by BGP.", {
      spec: advertisementSpec(),
      status: NO_STATUS,
    }),
  }),
  define(bfdProfiles, {
    columns: [
      { name: "Passive Mode", jsonPath: ".spec.passiveMode", type: "boolean" },
      { name: "Transmit Interval", jsonPath: ".spec.transmitInterval", type: "integer" },
      { name: "Receive Interval", jsonPath: ".spec.receiveInterval", type: "integer" },
      { name: "Multiplier", jsonPath: ".spec.detectMultiplier", type: "integer" },
    ],
    schema: object("How a peer that is gone is noticed by BFD.", { spec: profileSpec(), status: NO_STATUS }),
  }),
  define(communities, {
    columns: [],
    schema: object("Names for BGP communities.", {
      spec: object("What is wanted.", {
        communities: listOf(
          object("A name for a community.", {
            name: text("The name."),
            value: text("The community: 64500:100, or large:64500:1:2."),
          }),
          "Communities with their names.",
        ),
      }),
      status: NO_STATUS,
    }),
  }),
  define(serviceBGPStatuses, {
    columns: [
      { name: "Node", jsonPath: ".status.node" },
      { name: "Service Name", jsonPath: ".status.serviceName" },
      { name: "Service Namespace", jsonPath: ".status.serviceNamespace" },
    ],
    schema: object("To which peers a node announces a Service's addresses.", {
      spec: object("Empty.", {}),
      status: object("Written by the node that announces.", {
        node: immutable("The node that announces."),
        serviceName: immutable("Name of the Service."),
        serviceNamespace: immutable("Namespace of the Service."),
        peers: listOf(
          { type: "string" },
          "Peers that it is announced to. What a session's state is, is not said here.",
        ),
      }),
    }),
  }),
];

/** What both versions have. */
function commonPeerFields(): Readonly<Record<string, JsonSchema>> {
  return {
    myASN: asNumber("AS number of the node's end."),
    peerASN: asNumber("AS number of the peer's end."),
    peerAddress: text("Address of the peer."),
    sourceAddress: text("Address of the node's end. Default: the one that leads to the peer."),
    peerPort: integer("Port of the peer. Default 179.", { minimum: 0, maximum: 16_384 }),
    holdTime: text("After how long without a message the session is over. Default 90s."),
    keepaliveTime: text("How often a message is sent. Default: a third of the hold time."),
    routerID: text("The node's identifier, an IPv4 address. Default: its own."),
    nodeSelectors: labelSelectors("Conditions on labels of nodes; one has to match. Default: all nodes."),
    password: text("Password of the session (RFC 2385)."),
    bfdProfile: text("Name of the BFDProfile that the session is watched by. Default: none."),
    ebgpMultiHop: flag("Whether the peer is more than one hop away. Default false."),
  };
}

function earlierPeerSpec(): JsonSchema {
  return object("What is wanted.", commonPeerFields(), ["myASN", "peerASN", "peerAddress"]);
}

function peerSpec(): JsonSchema {
  const duration = "duration(self)";
  return object(
    "What is wanted.",
    {
      ...commonPeerFields(),
      peerPort: { ...integer("Port of the peer. Default 179.", { minimum: 1, maximum: 16_384 }), default: 179 },
      localASN: { ...asNumber("AS number that the peer sees in the place of myASN."), minimum: 1 },
      dynamicASN: {
        ...text("In the place of peerASN: internal for the AS number of the node's end, external for any other."),
        enum: ["internal", "external"],
      },
      interface: text("Interface of the node, for a peer without an address."),
      connectTime: {
        ...text("Pause before the peer is tried again."),
        "x-kubernetes-validations": [
          {
            rule: `${duration}.getSeconds() >= 1 && ${duration}.getSeconds() <= 65535`,
            message: "connect time should be between 1 seconds to 65535",
          },
          {
            rule: `${duration}.getMilliseconds() % 1000 == 0`,
            message: "connect time should contain a whole number of seconds",
          },
        ],
      },
      passwordSecret: {
        ...object("A Secret of type kubernetes.io/basic-auth in this namespace, with the password.", {
          name: text("Its name."),
          namespace: text("Its namespace: that of the peer."),
        }),
        "x-kubernetes-map-type": "atomic",
      },
      enableGracefulRestart: {
        ...flag("Whether the peer keeps routes while the session is restored (RFC 4724). Default false."),
        "x-kubernetes-validations": [
          { rule: "self == oldSelf", message: "EnableGracefulRestart cannot be changed after creation" },
        ],
      },
      vrf: text("The node's VRF that the peer is in."),
      disableMP: {
        ...flag("Without effect: a session carries one IP family, unless dualStackAddressFamily is set."),
        default: false,
      },
      dualStackAddressFamily: {
        ...flag("Whether prefixes of the other IP family go over the session, too. Default false."),
        default: false,
      },
    },
    ["myASN"],
  );
}

function advertisementSpec(): JsonSchema {
  const isWhole = (field: string, length: number) => `(!has(self.${field}) || self.${field} == ${length})`;
  const spec = object("What is wanted.", {
    aggregationLength: {
      ...integer("Length of the prefix that is announced in the place of an IPv4 address. Default 32.", {
        ...{ format: "int32", minimum: 1 },
      }),
      default: 32,
    },
    aggregationLengthV6: {
      ...integer("The same of IPv6. Default 128.", { format: "int32" }),
      default: 128,
    },
    localPref: integer("LOCAL_PREF, for peers of the same AS: the path with the highest is preferred.", {
      ...{ format: "int32", minimum: 0 },
    }),
    communities: listOf({ type: "string" }, "Communities: 64500:100, large:64500:1:2, or names of Communities."),
    ipAddressPools: listOf({ type: "string" }, "Names of pools."),
    ipAddressPoolSelectors: labelSelectors("Conditions on labels of pools. Default, with no names either: all pools."),
    nodeSelectors: labelSelectors("Conditions on labels of nodes; one has to match. Default: all nodes."),
    peers: listOf({ type: "string" }, "Names of peers. Default: all."),
    serviceSelectors: labelSelectors("Conditions on labels of Services; one has to match. Default: all Services."),
  });
  return {
    ...spec,
    "x-kubernetes-validations": [
      {
        rule: `!has(self.serviceSelectors) || self.serviceSelectors.size() == 0 || (${isWhole("aggregationLength", 32)} && ${isWhole("aggregationLengthV6", 128)})`,
        message:
          "serviceSelectors and aggregationLength are mutually exclusive, can only be used together with default aggregationLength (32) and aggregationLengthV6 (128)",
      },
    ],
  };
}

function profileSpec(): JsonSchema {
  const interval = (description: string) => integer(description, { format: "int32", minimum: 10, maximum: 60_000 });
  return object("What is wanted.", {
    receiveInterval: interval("How often packets can be taken in, in milliseconds. Default 300."),
    transmitInterval: interval("How often packets are sent, in milliseconds. Default 300."),
    detectMultiplier: integer("How many packets have to be missing. Default 3.", {
      ...{ format: "int32", minimum: 2, maximum: 255 },
    }),
    echoInterval: interval("Without effect: there are no echo packets."),
    echoMode: flag("Without effect: there are no echo packets."),
    passiveMode: flag("Whether the peer has to begin. Default false."),
    minimumTtl: integer("Without effect: packets over several hops are taken whatever their TTL.", {
      ...{ format: "int32", minimum: 1, maximum: 254 },
    }),
  });
}

function asNumber(description: string): JsonSchema {
  return integer(description, { format: "int64", minimum: 0, maximum: AS_NUMBER_MAX });
}
