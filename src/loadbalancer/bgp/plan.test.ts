import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { BGPPeer, BGPPeerSpec } from "../kinds/bgp-peer.ts";
import type { Announcement } from "./announcements.ts";
import { planSpeaker } from "./plan.ts";

const node = { metadata: { name: "n1", labels: { rack: "one" } } } as unknown as Node;

const peer = (name: string, spec: Partial<BGPPeerSpec> = {}) => {
  const whole = { myASN: 64512, peerASN: 64500, peerAddress: "172.30.0.2", ...spec };
  return { metadata: { name }, spec: whole } as BGPPeer;
};

const announcement = (more: Partial<Announcement> = {}): Announcement => ({
  ...{ prefix: "198.51.100.1/32", family: "IPv4", localPref: undefined, communities: [], peers: undefined },
  ...more,
});

function planned(peers: readonly BGPPeer[], announcements: Readonly<Record<string, readonly Announcement[]>> = {}) {
  return planSpeaker({
    ...{ node, peers, announcements: new Map(Object.entries(announcements)) },
    profile: () => undefined,
    passwordOf: () => ({ problem: "secret ref not found" }),
  });
}

test("a node has a session with each peer that selects it, in order of their names", () => {
  const elsewhere = peer("c", { nodeSelectors: [{ matchLabels: { rack: "two" } }] });
  const here = peer("a", { peerAddress: "172.30.0.3", nodeSelectors: [{ matchLabels: { rack: "one" } }] });
  const { sessions, problems } = planned([peer("b"), elsewhere, here]);
  assert.deepEqual(
    sessions.map(({ name }) => name),
    ["a", "b"],
  );
  assert.equal(problems.size, 0);
});

test("a node that is not known yet has none", () => {
  const { sessions } = planSpeaker({
    ...{ node: undefined, peers: [peer("a")], announcements: new Map() },
    profile: () => undefined,
    passwordOf: () => ({ password: "" }),
  });
  assert.deepEqual(sessions, []);
});

test("what is wrong with a peer does not keep the others from theirs", () => {
  const hidden = peer("hidden", { peerAddress: "172.30.0.3", passwordSecret: { name: "gone" } });
  const { sessions, problems, announced } = planned([peer("a"), peer("twin"), hidden], {
    "shop/web": [announcement()],
  });
  assert.deepEqual(
    sessions.map(({ name }) => name),
    ["a"],
  );
  assert.deepEqual(Object.fromEntries(problems), {
    hidden: "secret ref not found",
    twin: 'BGPPeer "a" has the same address and port',
  });
  assert.deepEqual(Object.fromEntries(announced), { "shop/web": ["a"] });
});

test("a peer gets what is for it and of its family, each prefix once with all communities", () => {
  const { sessions, announced } = planned([peer("a"), peer("b", { peerAddress: "172.30.0.3" })], {
    "shop/web": [
      announcement({ communities: [[1, 2]], localPref: 100 }),
      announcement({ prefix: "2001:db8::1/128", family: "IPv6" }),
    ],
    "shop/shared": [
      announcement({
        communities: [
          [1, 2],
          [3, 4, 5],
        ],
      }),
      announcement({ prefix: "198.51.100.0/24", peers: ["b"] }),
    ],
    "shop/inner": [announcement({ prefix: "198.51.100.9/32", peers: ["b"] })],
    "shop/six": [announcement({ prefix: "2001:db8::6/128", family: "IPv6" })],
  });
  const both = {
    ...{ prefix: "198.51.100.1/32", family: "IPv4", localPref: 100 },
    communities: [
      [1, 2],
      [3, 4, 5],
    ],
  };
  const [a, b] = sessions;
  assert.deepEqual(a?.prefixes, [both]);
  assert.deepEqual(
    b?.prefixes.map(({ prefix }) => prefix),
    ["198.51.100.0/24", "198.51.100.1/32", "198.51.100.9/32"],
  );
  assert.deepEqual(Object.fromEntries(announced), {
    "shop/web": ["a", "b"],
    "shop/shared": ["a", "b"],
    "shop/inner": ["b"],
  });
});
