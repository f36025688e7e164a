import type { Lab } from "../lab.testing.ts";

/** Of each pod, by name: its containers, their start times, restart counts and readiness. */
export async function runningContainers(lab: Lab): Promise<Record<string, string>> {
  const fields = "{.containerID} {.state.running.startedAt} {.restartCount} {.ready}";
  const rows = `{range .items[*]}{.metadata.name}{"\\t"}{range .status.containerStatuses[*]}${fields}{end}{"\\n"}{end}`;
  const table = await lab.kubectl("get", "pods", "-o", `jsonpath=${rows}`);
  const lines = table.trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.replace(/ true$/, " ready").split("\t") as [string, string]));
}
