import assert from "node:assert/strict";
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { testPod } from "../testing/pods.testing.ts";
import { containerMounts } from "./container-mounts.ts";

const cases: { subPathExpr: string; want: string | RegExp }[] = [
  { subPathExpr: "of/$(NAME)", want: "of/web" },
  { subPathExpr: "$$(NAME)", want: "$(NAME)" },
  { subPathExpr: "$(NONE)", want: /^missing value for NONE$/ },
  { subPathExpr: "$(EMPTY)", want: /^missing value for EMPTY$/ },
  { subPathExpr: "$(NONE)/$(NAME)/$(EMPTY)/$(NONE)", want: /^missing value for EMPTY, NONE$/ },
];

for (const { subPathExpr, want } of cases) {
  test(`subPathExpr ${subPathExpr}: ${want}`, async () => {
    const volume = await realpath(await mkdtemp(path.join(os.tmpdir(), "container-mounts-")));
    const mount = { name: "v", mountPath: "/v", subPathExpr };
    const [container] = testPod({ containers: [{ name: "app", volumeMounts: [mount] }] }).spec.containers;
    assert.ok(container !== undefined);
    const values = new Map(Object.entries({ NAME: "web", EMPTY: "" }));
    const made = containerMounts(container, new Map([["v", { path: volume, readOnly: false }]]), (name) =>
      values.get(name),
    );
    if (typeof want === "string") assert.equal((await made)[0]?.hostPath, path.join(volume, want));
    else {
      await assert.rejects(made, { name: "VolumeError", message: want });
      assert.deepEqual(await readdir(volume), [], "nothing is made");
    }
    await rm(volume, { recursive: true });
  });
}
