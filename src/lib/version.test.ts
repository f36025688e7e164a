import assert from "node:assert/strict";
import { test } from "node:test";
import { KUBERNETES_VERSION, readVersion } from "./version.ts";

test("the version names both this program and Kubernetes", () => {
  const { fairlead, kubernetes } = readVersion();
  assert.equal(kubernetes, `${KUBERNETES_VERSION}+fairlead-${fairlead}`);
  assert.match(fairlead, /^\d+\.\d+\.\d+$/);
});
