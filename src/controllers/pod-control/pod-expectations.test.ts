import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { ownedPod } from "../replicaset/objects.testing.ts";
import { podExpectations } from "./pod-expectations.ts";

/** A copy that shows what the test puts into it. */
function fakeCopy(...pods: Pod[]) {
  const shown = new Map(pods.map((pod) => [`default/${pod.metadata.name}`, pod]));
  return { shown, resourceVersion: "10", get: (key: string) => shown.get(key) };
}

const at = (resourceVersion: string): Pod => {
  const pod = ownedPod("new");
  return { ...pod, metadata: { ...pod.metadata, resourceVersion } };
};

test("what was written is expected until the copy has come so far", () => {
  const copy = fakeCopy();
  const expectations = podExpectations(copy);
  expectations.wrote("web", at("12"));
  expectations.wrote("web", at("11"));
  assert.equal(expectations.areMet("web"), false);
  assert.equal(expectations.areMet("other"), true);
  copy.resourceVersion = "11";
  assert.equal(expectations.areMet("web"), false, "the other pod is still missing");
  copy.resourceVersion = "12";
  assert.equal(expectations.areMet("web"), true);
});

const cases: { name: string; show(copy: ReturnType<typeof fakeCopy>): void; met: boolean }[] = [
  { name: "the copy has not heard", show: () => {}, met: false },
  {
    name: "its deletion has begun",
    show: ({ shown }) => shown.set("default/p", ownedPod("p", { terminating: true })),
    met: true,
  },
  { name: "it is gone", show: ({ shown }) => shown.delete("default/p"), met: true },
  {
    name: "another one has its name",
    show({ shown }) {
      const pod = ownedPod("p");
      shown.set("default/p", { ...pod, metadata: { ...pod.metadata, uid: "another" } });
    },
    met: true,
  },
];
for (const { name, show, met } of cases) {
  test(`a deletion is expected: ${name}`, () => {
    const copy = fakeCopy(ownedPod("p"), ownedPod("q"));
    const expectations = podExpectations(copy);
    expectations.deleted("web", ownedPod("p"));
    expectations.deleted("web", ownedPod("q"));
    copy.shown.delete("default/q");
    show(copy);
    assert.equal(expectations.areMet("web"), met);
  });
}

test("what is forgotten is not expected", () => {
  const expectations = podExpectations(fakeCopy(ownedPod("p")));
  expectations.wrote("web", at("99"));
  expectations.deleted("web", ownedPod("p"));
  expectations.forget("web");
  assert.equal(expectations.areMet("web"), true);
});
