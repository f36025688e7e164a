import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCpuList, procPaths } from "./proc-paths.ts";

const THROTTLE = ["/sys/devices/system/cpu/cpu0/thermal_throttle"];

for (const procMount of [undefined, "Default"]) {
  test(`procPaths: procMount ${procMount} protects the machine's kernel`, () => {
    assert.deepEqual(procPaths(procMount, THROTTLE), {
      maskedPaths: [
        "/proc/asound",
        "/proc/acpi",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/sys/firmware",
        "/sys/devices/virtual/powercap",
        "/sys/devices/system/cpu/cpu0/thermal_throttle",
      ],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    });
  });
}

test("procPaths: procMount Unmasked protects nothing", () => {
  assert.deepEqual(procPaths("Unmasked", THROTTLE), { maskedPaths: [], readonlyPaths: [] });
});

const lists: { text: string; want: readonly number[] | undefined }[] = [
  { text: "0\n", want: [0] },
  { text: "0-3\n", want: [0, 1, 2, 3] },
  { text: "0-1,4,6-7", want: [0, 1, 4, 6, 7] },
  { text: "", want: undefined },
  { text: "0-", want: undefined },
  { text: "all", want: undefined },
  { text: "0-99999", want: undefined },
  { text: "0-4000000000", want: undefined },
];

for (const { text, want } of lists) {
  test(`parseCpuList: ${JSON.stringify(text)}`, () => assert.deepEqual(parseCpuList(text), want));
}
