import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const MARK = "FAIRLEAD_LAB_INSIDE";
const TIMEOUT_MS = 180_000;

/** Whether this process is the one inside, in namespaces of its own. */
export const isInside = process.env[MARK] !== undefined;

if (isInside) spawnSync("ip", ["link", "set", "lo", "up"]);

/**
 * Runs a test file again, as root in network, mount and PID namespaces of its own without a way out, as one test here.
 * When its first process ends, everything in it ends: containerd, shims and pods.
 */
export function testInside(name: string, file: string): void {
  test(name, () => {
    const namespaces = [
      "--net",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "--propagation",
      "slave",
    ];
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync("unshare", [...namespaces, process.execPath, "--test-reporter=spec", file], {
      env: { ...env, [MARK]: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      timeout: TIMEOUT_MS,
    });
    assert.equal(status, 0, stdout);
  });
}
