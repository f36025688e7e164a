import assert from "node:assert/strict";
import { test } from "node:test";
import { FINALIZER } from "@fairlead/api/well-known";
import { volume } from "../persistentvolumebinder/objects.testing.ts";
import { planProtection } from "./plan.ts";

const cases: { name: string; protected: boolean; terminating: boolean; phase: string; want: string }[] = [
  { name: "made before there was protection", protected: false, terminating: false, phase: "Available", want: "add" },
  { name: "protected", protected: true, terminating: false, phase: "Bound", want: "keep" },
  { name: "deleted and bound", protected: true, terminating: true, phase: "Bound", want: "keep" },
  { name: "deleted and released", protected: true, terminating: true, phase: "Released", want: "remove" },
  { name: "deleted without protection", protected: false, terminating: true, phase: "Available", want: "keep" },
];

for (const { name, protected: isProtected, terminating, phase, want } of cases) {
  test(`planProtection of a volume: ${name}`, () => {
    const bare = volume({ terminating, phase });
    const finalizers = isProtected ? [FINALIZER.volumeInUse] : [];
    assert.equal(planProtection({ ...bare, metadata: { ...bare.metadata, finalizers } }), want);
  });
}
