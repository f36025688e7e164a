import { placementOf } from "./objects/placement.ts";
import { podTexts } from "./objects/pod-text.ts";

/** How often the text is parsed and written. */
const TIMES = 20_000;

/** Processor seconds that parsing one pod's JSON and writing it again takes, 20,000 times, in this process alone. */
export function jsonYardstick(): number {
  const text = podTexts(placementOf(1))(0);
  const { user, system } = process.cpuUsage();
  let length = 0;
  for (let i = 0; i < TIMES; i++) length += JSON.stringify(JSON.parse(text)).length;
  if (length !== text.length * TIMES) throw new Error("The text of a pod changes when it is parsed and written");
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1e6;
}
