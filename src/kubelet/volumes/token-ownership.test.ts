import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import { tokenOwnership } from "./token-ownership.ts";

const user = (name: string, runAsUser: number) => ({ name, securityContext: { runAsUser } });

const rows: { name: string; spec: Draft<Pod["spec"]>; want: { mode: number; uid?: number } }[] = [
  { name: "no user, no group", spec: {}, want: { mode: 0o644 } },
  { name: "a group", spec: { securityContext: { fsGroup: 10_000 } }, want: { mode: 0o600 } },
  { name: "the pod's user", spec: { securityContext: { runAsUser: 1000 } }, want: { mode: 0o600, uid: 1000 } },
  {
    name: "the pod's user and a group",
    spec: { securityContext: { runAsUser: 1000, fsGroup: 10_000 } },
    want: { mode: 0o600, uid: 1000 },
  },
  {
    name: "one user of all containers",
    spec: { initContainers: [user("i", 7)], containers: [user("a", 7), user("b", 7)] },
    want: { mode: 0o600, uid: 7 },
  },
  { name: "root", spec: { securityContext: { runAsUser: 0 } }, want: { mode: 0o600, uid: 0 } },
  { name: "two users", spec: { containers: [user("a", 7), user("b", 8)] }, want: { mode: 0o644 } },
  {
    name: "two users and a group",
    spec: { securityContext: { fsGroup: 9 }, containers: [user("a", 7), user("b", 8)] },
    want: { mode: 0o600 },
  },
  { name: "one container without a user", spec: { containers: [user("a", 7), { name: "b" }] }, want: { mode: 0o644 } },
  {
    name: "an ephemeral container without a user",
    spec: { containers: [user("a", 7)], ephemeralContainers: [{ name: "debug" }] },
    want: { mode: 0o644 },
  },
];

for (const { name, spec, want } of rows) {
  test(`tokenOwnership: ${name}`, () => assert.deepEqual(tokenOwnership(testPod(spec), 0o644), want));
}
