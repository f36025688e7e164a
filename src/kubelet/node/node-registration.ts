import type { Node, NodeStatus, Taint } from "../../api/core/v1/node.ts";
import { nodeKind } from "../../api/core/v1/node.ts";
import { StatusError } from "../../api/status-error.ts";
import { attemptLevel } from "../../client/attempt-level.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
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
  /** What the node is to say of itself now; gets what it said before. */
  readonly status: (previous: NodeStatus) => Promise<NodeStatus>;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the Node object of this machine: registered, and its status true. */
export interface NodeRegistration extends Running {
  /** Resolves with the Node once it is registered. */
  readonly registered: Promise<Node>;
  /** Something has changed: tell now. */
  tell(): void;
  /** The Node was found missing: reports at once, changed or not, and so creates it again. */
  reportMissing(): void;
}

const CHECK_INTERVAL_MS = 10_000;
/** Told this often even if nothing has changed; upstream's `nodeStatusReportFrequency`. */
const REPORT_INTERVAL_MS = 5 * 60_000;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 7_000;

/** Registers the node and tells its status; failures are logged and tried again. */
export function startNodeRegistration(options: NodeRegistrationOptions): NodeRegistration {
  const { client, nodeName: name, events, clock, log } = options;
  const registered = Promise.withResolvers<Node>();
  registered.promise.catch(() => {});
  const stopped = new AbortController();
  let alarm = new AbortController();
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

  async function loop(): Promise<void> {
    const bornMs = clock.monotonicMs();
    let retryMs = RETRY_MIN_MS;
    let isRegistered = false;
    while (!stopped.signal.aborted) {
      alarm = new AbortController();
      let pauseMs = CHECK_INTERVAL_MS;
      try {
        if (!isRegistered) await register();
        isRegistered = true;
        await report();
        retryMs = RETRY_MIN_MS;
      } catch (error) {
        if (stopped.signal.aborted) return;
        // The Node was deleted: create it again.
        if (error instanceof StatusError && error.reason === "NotFound") {
          isRegistered = false;
          last = undefined;
        }
        const level = attemptLevel(error, { sinceMs: clock.monotonicMs() - bornMs, everSucceeded: last !== undefined });
        log[level]("The node's status could not be told: trying again", { error });
        pauseMs = retryMs;
        retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
      }
      await clock.sleep(pauseMs, AbortSignal.any([alarm.signal, stopped.signal])).catch(() => {});
    }
  }

  const work = loop();
  return {
    ...running(async () => {
      stopped.abort();
      registered.reject(new Error("The kubelet was stopped before the node was registered"));
      await work;
    }),
    registered: registered.promise,
    tell: () => alarm.abort(),
    reportMissing() {
      last = undefined;
      alarm.abort();
    },
  };
}

/** The Node as it is in the API from now on: a new one, or the one of before with our labels. */
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
