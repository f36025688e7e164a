import { conditionOf } from "@fairlead/api/condition-of";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { Client } from "@fairlead/client/client";
import { waitForObjects } from "./wait-for-objects.ts";

/**
 * Waits until nodes are there and Ready.
 *
 * @param what - For the message: `nodes to become Ready`.
 * @throws {ExpectedError} when the signal is aborted first, with the nodes that are not, and why.
 */
export async function waitForNodes(
  client: Client,
  what: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await waitForObjects({
    client,
    what,
    scopes: [{ kind: nodeKind }],
    problem: (find) =>
      nodesProblem(
        names,
        names.flatMap((name) => (find(nodeKind, { name }) as Node | undefined) ?? []),
      ),
    signal,
  });
}

/**
 * Why nodes are not Ready: with reason and message of their condition, where they have one. Nodes with the same
 * cause are named together.
 *
 * @param names - The nodes that there should be.
 * @param nodes - Those that have registered.
 */
export function nodesProblem(names: readonly string[], nodes: readonly Node[]): string | undefined {
  const registered = new Map(nodes.map((node) => [node.metadata.name, node]));
  const missing = names.filter((name) => !registered.has(name));
  const reasons = new Map<string, string[]>();
  for (const name of names) {
    const node = registered.get(name);
    const reason = node && notReadyReason(node);
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  }
  const problems = [
    ...(missing.length === 0 ? [] : [`${missing.join(", ")} ${missing.length === 1 ? "has" : "have"} not registered`]),
    ...[...reasons].map(([reason, of]) => `${of.join(", ")} not Ready: ${reason}`),
  ];
  return problems.length === 0 ? undefined : problems.join("; ");
}

function notReadyReason({ status }: Node): string | undefined {
  const ready = conditionOf(status.conditions, "Ready");
  if (ready === undefined) return "its kubelet has not said whether it is";
  if (ready.status === "True") return undefined;
  const { reason = "", message = "" } = ready;
  // A message may have lines, as a program's error has.
  const said = [reason, message.trim().replaceAll(/\s+/g, " ")].filter((text) => text !== "");
  return said.length === 0 ? `its condition is ${ready.status}` : said.join(": ");
}
