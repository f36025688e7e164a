import assert from "node:assert/strict";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import fc from "fast-check";
import type { StoredObject } from "../registry/stored-object.ts";
import { storedObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";
import type { Interest } from "./interest-index.ts";
import { createInterestIndex } from "./interest-index.ts";

const PODS = "/registry/pods/";

function pod(namespace: string, name: string, nodeName: string): StoredObject {
  const object = { metadata: { name, namespace }, spec: { nodeName, containers: [] }, status: { phase: "Running" } };
  const value = new TextEncoder().encode(JSON.stringify(object));
  return storedObject(podKind, {
    key: `${PODS}${namespace}/${name}`,
    value,
    createRevision: 1,
    modRevision: 1,
    version: 1,
  });
}

const change = (before: StoredObject | undefined, after: StoredObject | undefined): CacheEvent => ({
  revision: 1,
  before,
  after,
});

const onNode = (value: string): Interest => ({ prefix: PODS, field: { name: "spec.nodeName", value } });

const rows: { name: string; interest: Interest; event: CacheEvent; hears: boolean }[] = [
  { name: "all of a kind", interest: { prefix: PODS }, event: change(undefined, pod("a", "x", "")), hears: true },
  { name: "a namespace", interest: { prefix: `${PODS}a/` }, event: change(undefined, pod("a", "x", "")), hears: true },
  { name: "another one", interest: { prefix: `${PODS}b/` }, event: change(undefined, pod("a", "x", "")), hears: false },
  {
    name: "an object",
    interest: { prefix: PODS, key: `${PODS}a/x` },
    event: change(pod("a", "x", ""), undefined),
    hears: true,
  },
  {
    name: "another one",
    interest: { prefix: PODS, key: `${PODS}a/xy` },
    event: change(pod("a", "x", ""), undefined),
    hears: false,
  },
  { name: "a node", interest: onNode("n1"), event: change(pod("a", "x", "n1"), pod("a", "x", "n1")), hears: true },
  {
    name: "a node that it comes to",
    interest: onNode("n1"),
    event: change(pod("a", "x", ""), pod("a", "x", "n1")),
    hears: true,
  },
  { name: "a node that it leaves", interest: onNode("n1"), event: change(pod("a", "x", "n1"), undefined), hears: true },
  { name: "another node", interest: onNode("n2"), event: change(pod("a", "x", ""), pod("a", "x", "n1")), hears: false },
  { name: "no node", interest: onNode(""), event: change(pod("a", "x", ""), pod("a", "x", "n1")), hears: true },
];
for (const { name, interest, event, hears } of rows) {
  test(`a watch of ${name} gets a change ${hears ? "of it" : "elsewhere: no"}`, () => {
    const index = createInterestIndex<string>();
    const remove = index.add(interest, "me");
    assert.deepEqual([...index.of(event)], hears ? ["me"] : []);
    assert.deepEqual([...index.all()], ["me"]);
    remove();
    remove();
    assert.deepEqual([...index.of(event)], []);
    assert.deepEqual([...index.all()], []);
  });
}

test("no watch misses a change or gets it twice, whatever the others are interested in", () => {
  const name = fc.constantFrom("a", "b", "c");
  const object = fc.option(fc.record({ node: fc.constantFrom("", "n1", "n2") }), { nil: undefined });
  const interest = fc.oneof(
    name.map((ns): Interest => ({ prefix: `${PODS}${ns}/` })),
    fc.tuple(name, name).map(([ns, n]): Interest => ({ prefix: `${PODS}${ns}/`, key: `${PODS}${ns}/${n}` })),
    fc.constantFrom("", "n1", "n2").map(onNode),
    fc.constant<Interest>({ prefix: PODS }),
  );
  const wants = ({ prefix, key, field }: Interest, stored: StoredObject) =>
    stored.key.startsWith(prefix) &&
    (key === undefined || stored.key === key) &&
    (field === undefined || stored.fields[field.name] === field.value);
  fc.assert(
    fc.property(fc.array(interest, { maxLength: 12 }), name, name, object, object, (interests, ns, n, was, is) => {
      const index = createInterestIndex<number>();
      for (const [i, one] of interests.entries()) index.add(one, i);
      const [before, after] = [was, is].map((o) => (o === undefined ? undefined : pod(ns, n, o.node)));
      if (before === undefined && after === undefined) return;
      const told = [...index.of(change(before, after))];
      assert.equal(new Set(told).size, told.length);
      for (const [i, one] of interests.entries()) {
        const isWanted = [before, after].some((stored) => stored !== undefined && wants(one, stored));
        if (isWanted) assert.ok(told.includes(i));
      }
    }),
  );
});
