import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { BGPAdvertisement } from "../kinds/bgp-advertisement.ts";
import type { BGPPeer } from "../kinds/bgp-peer.ts";
import { announcers } from "./announcements.ts";

type Spec = NonNullable<BGPAdvertisement["spec"]>;

interface Case {
  readonly name: string;
  readonly advertisements: readonly Spec[];
  readonly policy?: "Local";
  readonly labels?: Readonly<Record<string, string>>;
  readonly addresses?: readonly string[];
  /** Nodes with a ready endpoint. Default: the first. */
  readonly ready?: readonly string[];
  /** Selectors of peers by name. Default: `a` and `b` of all nodes. */
  readonly peers?: Readonly<Record<string, readonly LabelSelector[]>>;
  /** `node prefix preference communities peers`, or why none. */
  readonly want: readonly string[] | string;
}

const cases: readonly Case[] = [
  { name: "no advertisement", advertisements: [], want: "nothing" },
  { name: "one of another pool", advertisements: [{ ipAddressPools: ["other"] }], want: "nothing" },
  {
    name: "one of other Services",
    advertisements: [{ serviceSelectors: [{ matchLabels: { a: "b" } }] }],
    want: "nothing",
  },
  { name: "one of all", advertisements: [{}], want: ["n1 198.51.100.7/32", "n2 198.51.100.7/32"] },
  {
    name: "a shorter prefix, with all that it may have",
    advertisements: [
      { ipAddressPools: ["pool"], aggregationLength: 24, localPref: 100, communities: ["1:2", "named"], peers: ["a"] },
    ],
    want: ["n1 198.51.100.0/24 100 1,2 65535,65281 a", "n2 198.51.100.0/24 100 1,2 65535,65281 a"],
  },
  {
    name: "addresses of both families",
    advertisements: [{ aggregationLengthV6: 64, nodeSelectors: [{ matchLabels: { name: "n1" } }] }],
    addresses: ["198.51.100.7", "2001:db8::7"],
    want: ["n1 198.51.100.7/32", "n1 2001:db8::/64"],
  },
  { name: "the policy Local", advertisements: [{}], policy: "Local", ready: ["n2"], want: ["n2 198.51.100.7/32"] },
  {
    name: "the policy Local without an endpoint on a node that may",
    advertisements: [{ nodeSelectors: [{ matchLabels: { name: "n1" } }] }],
    ...{ policy: "Local", ready: ["n2"] },
    want: "no node that may announce has a ready endpoint, as the policy Local asks for",
  },
  { name: "no endpoint", advertisements: [{}], ready: [], want: "no endpoint of the Service is ready" },
  {
    name: "a node that is kept from load balancers",
    advertisements: [{}],
    labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" },
    want: ["n2 198.51.100.7/32"],
  },
  {
    name: "no node",
    advertisements: [{ nodeSelectors: [{ matchLabels: { name: "n3" } }] }],
    want: "no node may announce that a BGPAdvertisement selects",
  },
  { name: "no peer", advertisements: [{}], peers: {}, want: "no BGPPeer is for a node that may announce" },
  {
    name: "a peer that no advertisement names",
    advertisements: [{ peers: ["a"] }],
    peers: { b: [] },
    want: "no BGPPeer is for a node that may announce",
  },
  {
    name: "a peer of one node",
    advertisements: [{ peers: ["a"] }],
    peers: { a: [{ matchLabels: { name: "n2" } }] },
    want: ["n2 198.51.100.7/32 a"],
  },
  {
    name: "a community that is none",
    advertisements: [{ communities: ["unnamed"] }],
    want: 'BGPAdvertisement "ad-0": invalid community "unnamed" in BGP advertisement',
  },
  {
    name: "two preferences for one prefix and peer",
    advertisements: [{ localPref: 1 }, { localPref: 2, peers: ["a"] }],
    want: 'invalid local preference 2 of BGPAdvertisement "ad-1": 1 was already set by "ad-0"',
  },
  {
    name: "two preferences for two peers",
    advertisements: [
      { localPref: 1, peers: ["b"] },
      { localPref: 2, peers: ["a"], nodeSelectors: [{ matchLabels: { name: "n1" } }] },
    ],
    want: ["n1 198.51.100.7/32 1 b", "n1 198.51.100.7/32 2 a", "n2 198.51.100.7/32 1 b"],
  },
];

for (const {
  name,
  advertisements,
  policy,
  labels = {},
  addresses = ["198.51.100.7"],
  ready = ["n1"],
  ...more
} of cases) {
  test(`announcers: ${name}`, () => {
    const { want, peers = { a: [], b: [] } } = more;
    const node = (of: string, more = {}) =>
      ({ metadata: { name: of, labels: { name: of, ...more } }, status: {} }) as unknown as Node;
    const found = announcers({
      service: { metadata: { name: "web" }, spec: { externalTrafficPolicy: policy } } as Service,
      ...{ addresses, pool: { name: "pool", labels: undefined }, nodes: [node("n1", labels), node("n2")] },
      slices: [
        { endpoints: ready.map((nodeName) => ({ addresses: ["10.244.0.2"], nodeName })) } as unknown as EndpointSlice,
      ],
      advertisements: advertisements.map((spec, at) => ({ metadata: { name: `ad-${at}` }, spec }) as BGPAdvertisement),
      peers: Object.entries(peers).map(
        ([of, nodeSelectors]) => ({ metadata: { name: of }, spec: { nodeSelectors } }) as unknown as BGPPeer,
      ),
      aliases: new Map([["named", "65535:65281"]]),
    });
    const lines =
      found.type === "nodes"
        ? [...found.of].flatMap(([of, all]) =>
            all.map(({ prefix, localPref, communities, peers = [] }) =>
              [of, prefix, localPref, ...communities, ...peers].filter((part) => part !== undefined).join(" "),
            ),
          )
        : found.type === "none"
          ? found.why
          : found.type;
    assert.deepEqual(lines, want);
  });
}
