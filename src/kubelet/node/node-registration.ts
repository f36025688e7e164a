import type { Node, NodeStatus, Taint } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { isNotFound, StatusError } from "@fairlead/api/status-error";
import { attemptLevel } from "@fairlead/client/attempt-level";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { nodeReference } from "../events/references.ts";
import { nodeEvents } from "./node-events.ts";
import { withoutHeartbeats } from "./node-status.ts";

/** Who the node is, and how it is doing. */
export interface NodeRegistrationOptions {
  readonly client: Client;
  readonly nodeName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only given to a node that is registered for the first time. */
  readonly taints: readonly Taint[];
  /** Returns the status to report; gets the one that was reported before. */
  readonly status: (previous: NodeStatus) => Promise<NodeStatus>;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the Node object of this machine: registered, and its status true. */
export interface NodeRegistration extends Running {
  /** Resolves with the Node once it is registered. */
  readonly registered: Promise<Node>;
  /** Reports the status now: something has changed. */
  report(): void;
  /** The Node was found missing: reports at once, changed or not, and so creates it again. */
  reportMissing(): void;
}

const CHECK_INTERVAL_MS = 10_000;
/** Interval between reports of an unchanged status, in milliseconds; upstream's `nodeStatusReportFrequency`. */
const REPORT_INTERVAL_MS = 5 * 60_000;
const RETRY = { initialMs: 100, maxMs: 7_000 };

/** Registers the node and reports its status; failures are logged and retried. */
export function startNodeRegistration(options: NodeRegistrationOptions): NodeRegistration {
  const { client, nodeName: name, events, clock, log } = options;
  const registered = Promise.withResolvers<Node>();
  registered.promise.catch(() => {});
  const backOff = createBackOff(RETRY);
  const bornMs = clock.monotonicMs();
  let isRegistered = false;
  let last: { readonly text: string; readonly at: number } | undefined;
  let status: NodeStatus = {};

  async function register(): Promise<void> {
    const node = await createOrAdopt(options);
    status = node.status;
    registered.resolve(node);
  }

  async function report(): Promise<void> {
    const next = await options.status(status);
    const text = withoutHeartbeats(next);
    const due = last === undefined || clock.monotonicMs() - last.at >= REPORT_INTERVAL_MS;
    if (!due && text === last?.text) return;
    // Addresses are merged by type: ones that are gone would stay without this.
    const addresses = [{ $patch: "replace" }, ...(next.addresses ?? [])];
    const patch = { status: { ...next, addresses } };
    const node = await client.patch(nodeKind, { name }, "strategic", patch, { subresource: "status" });
    for (const { reason, message } of nodeEvents(name, status.conditions, next.conditions)) {
      events.record(nodeReference(name), { type: "Normal", reason, message });
    }
    status = node.status;
    last = { text, at: clock.monotonicMs() };
  }

  async function turn(signal: AbortSignal): Promise<number> {
    try {
      if (!isRegistered) await register();
      isRegistered = true;
      await report();
      backOff.reset();
      return CHECK_INTERVAL_MS;
    } catch (error) {
      const pauseMs = backOff.next();
      if (signal.aborted) return pauseMs;
      // The Node was deleted: create it again.
      if (isNotFound(error)) {
        isRegistered = false;
        last = undefined;
      }
      const level = attemptLevel(error, { sinceMs: clock.monotonicMs() - bornMs, everSucceeded: last !== undefined });
      log[level]("Cannot report the node's status: trying again", { error });
      return pauseMs;
    }
  }

  const loop = startLoop({ turn, clock });
  return {
    ...running(async () => {
      registered.reject(new Error("The kubelet was stopped before the node was registered"));
      await loop.stop();
    }),
    registered: registered.promise,
    report: loop.wake,
    reportMissing() {
      last = undefined;
      loop.wake();
    },
  };
}

/** Creates the Node, or adds our labels to the existing one. Returns it. */
async function createOrAdopt({ client, nodeName: name, labels, taints }: NodeRegistrationOptions): Promise<Node> {
  try {
    return await client.create(nodeKind, {
      metadata: { name, labels },
      spec: { ...(taints.length > 0 && { taints }) },
    });
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") throw error;
    return client.patch(nodeKind, { name }, "strategic", { metadata: { labels } });
  }
}
