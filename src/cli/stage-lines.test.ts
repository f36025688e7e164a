import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "@fairlead/cluster/stages";
import { recordedContext } from "./context.testing.ts";
import { stageLines } from "./stage-lines.ts";

test("elsewhere than on a terminal a stage is a line once it has ended", () => {
  const context = recordedContext();
  const reporter = stageLines(context);
  reporter.begin("Machines");
  assert.equal(context.printed.err, "");
  reporter.end("Machines", 412);
  reporter.begin("API server");
  reporter.fail("API server", 12_345);
  reporter.note("Installing");
  assert.deepEqual(context.printed.err.split("\n"), [
    " ✓ Machines               0.41 s",
    " ✗ API server            12.35 s",
    "Installing",
    "",
  ]);
  assert.equal(context.printed.out, "");
});

test("a stage that works reports its result, one that fails its error", async () => {
  const context = recordedContext();
  const reporter = stageLines(context);
  assert.equal(await stage(reporter, "One", async () => 1), 1);
  await assert.rejects(
    stage(reporter, "Two", () => Promise.reject(new Error("no"))),
    /^Error: no$/,
  );
  assert.match(context.printed.err, /^ ✓ One +\d+\.\d\d s\n ✗ Two +\d+\.\d\d s\n$/);
});
