import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "@fairlead/lib/clock";
import { readIfThere } from "@fairlead/lib/read-if-there";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { PodRecord } from "../sync/record/pod-record.ts";
import { parseWrittenRecord, recallRecord, recordText } from "../sync/record/written-record.ts";
import type { PodPaths } from "../volumes/pod-paths.ts";
import { timeOf } from "./time-of.ts";

/** Writes the part of a pod's record that must survive a restart of the kubelet. */
export async function writeRecord(paths: PodPaths, record: PodRecord, clock: Clock): Promise<void> {
  const text = recordText(record, timeOf(clock));
  if (text === undefined) return;
  await mkdir(path.dirname(paths.record), { recursive: true, mode: 0o750 });
  await writeFileAtomically(paths.record, text);
}

/** Returns the record with the part that an earlier process of the kubelet wrote. Ignores a file that it cannot parse. */
export async function readRecord(paths: PodPaths, record: PodRecord, clock: Clock): Promise<PodRecord> {
  const text = await readIfThere(paths.record);
  return text === undefined ? record : recallRecord(record, parseWrittenRecord(text), timeOf(clock));
}
