import assert from "node:assert/strict";
import { test } from "node:test";
import type { BGPPeer, BGPPeerSpec } from "../kinds/bgp-peer.ts";
import { PeerProblem, type PeerSurroundings, readPeer } from "./read-peer.ts";

const surroundings: PeerSurroundings = {
  profile: (name) =>
    name === "fast"
      ? ({ metadata: { name }, spec: { detectMultiplier: 5 } } as ReturnType<PeerSurroundings["profile"]>)
      : undefined,
  passwordOf: (secret) => (secret === "there" ? { password: "hidden" } : { problem: "secret ref not found" }),
};
const read = (spec: Partial<BGPPeerSpec>) => {
  const whole = { myASN: 64512, peerASN: 64500, peerAddress: "172.30.0.2", ...spec };
  return readPeer({ metadata: { name: "router" }, spec: whole } as BGPPeer, surroundings);
};

const good: { name: string; spec: Partial<BGPPeerSpec>; want: object }[] = [
  { name: "only what is needed", spec: {}, want: { port: 179, families: ["IPv4"], holdSeconds: undefined } },
  { name: "IPv6", spec: { peerAddress: "FD00::1" }, want: { address: "fd00::1", families: ["IPv6"] } },
  { name: "both families", spec: { dualStackAddressFamily: true }, want: { families: ["IPv4", "IPv6"] } },
  {
    name: "the keepalive time of a hold time",
    spec: { holdTime: "1m30s" },
    want: { holdSeconds: 90, keepaliveSeconds: 30 },
  },
  {
    name: "the hold time of a keepalive time",
    spec: { keepaliveTime: "5s" },
    want: { holdSeconds: 15, keepaliveSeconds: 5 },
  },
  { name: "sessions that never time out", spec: { holdTime: "0s" }, want: { holdSeconds: 0, keepaliveSeconds: 0 } },
  { name: "any other AS", spec: { peerASN: 0, dynamicASN: "external" }, want: { peerASN: "external" } },
  { name: "an AS that the peer sees", spec: { localASN: 64513 }, want: { myASN: 64513 } },
  { name: "a password in a Secret", spec: { passwordSecret: { name: "there" } }, want: { password: "hidden" } },
  {
    name: "BFD",
    spec: { bfdProfile: "fast" },
    want: { bfd: { receiveMs: 300, transmitMs: 300, multiplier: 5, isPassive: false } },
  },
];

for (const { name, spec, want } of good) {
  test(`readPeer: ${name}`, () => {
    const peer: object = read(spec);
    const found = Object.keys(want).map((key) => [key, Reflect.get(peer, key)]);
    assert.deepEqual(Object.fromEntries(found), want);
  });
}

const bad: { name: string; spec: Partial<BGPPeerSpec>; want: RegExp }[] = [
  { name: "no own AS", spec: { myASN: 0 }, want: /^missing local ASN$/ },
  { name: "no AS of the peer", spec: { peerASN: 0 }, want: /^missing peer ASN and dynamicASN$/ },
  { name: "two", spec: { dynamicASN: "internal" }, want: /^both peer ASN and dynamicASN specified$/ },
  { name: "no address", spec: { peerAddress: "" }, want: /^peer has no Address or Interface specified$/ },
  { name: "an address that is none", spec: { peerAddress: '1.2.3.4" as 1' }, want: /^invalid BGPPeer address/ },
  { name: "an interface", spec: { peerAddress: "", interface: "eth0" }, want: /interface is not supported/ },
  { name: "a VRF", spec: { vrf: "red" }, want: /vrf is not supported/ },
  { name: "hops within one AS", spec: { peerASN: 64512, ebgpMultiHop: true }, want: /for an ibgp peer$/ },
  { name: "a hold time that is too short", spec: { holdTime: "2s" }, want: /must be 0 or >=3s$/ },
  { name: "a hold time that is none", spec: { holdTime: "soon" }, want: /^invalid holdTime "soon"$/ },
  { name: "timers the wrong way round", spec: { holdTime: "9s", keepaliveTime: "10s" }, want: /must be lower than/ },
  { name: "a router id of IPv6", spec: { routerID: "fd00::1" }, want: /must be an IPv4 address$/ },
  {
    name: "a password that ends its quotes",
    spec: { password: 'a"; protocol x {' },
    want: /neither quotes nor line ends/,
  },
  { name: "a password that is too long", spec: { password: "x".repeat(81) }, want: /longer than 80 bytes/ },
  { name: "two passwords", spec: { password: "a", passwordSecret: { name: "there" } }, want: /^can not have both/ },
  { name: "a Secret that is not there", spec: { passwordSecret: { name: "gone" } }, want: /^secret ref not found$/ },
  { name: "a profile that is not there", spec: { bfdProfile: "slow" }, want: /non existing bfd profile slow$/ },
];

for (const { name, spec, want } of bad) {
  test(`readPeer refuses ${name}`, () => {
    assert.throws(
      () => read(spec),
      (error) => error instanceof PeerProblem && want.test(error.message),
    );
  });
}
