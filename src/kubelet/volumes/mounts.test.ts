import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMountInfo } from "./mounts.ts";

test("mount points are read from mountinfo, also those with spaces", () => {
  const text = [
    "22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/root rw",
    "36 22 0:32 / /var/lib/pods/1/volumes/a\\040b rw - tmpfs tmpfs rw",
    "",
  ].join("\n");
  assert.deepEqual(parseMountInfo(text), ["/", "/var/lib/pods/1/volumes/a b"]);
});
