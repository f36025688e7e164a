import { createHash } from "node:crypto";
import type { Event } from "../../api/core/v1/event.ts";
import { eventKind } from "../../api/core/v1/event.ts";
import type { ObjectReference } from "../../api/core/v1/references.ts";
import type { Draft } from "../../api/schema.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Client } from "../../client/client.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { apiTime } from "../status/api-time.ts";

/** Whether somebody should worry. */
export type EventType = "Normal" | "Warning";

/** Tells users what happened to an object. Never fails and never waits: what cannot be written is logged. */
export interface EventRecorder {
  event(object: ObjectReference, type: EventType, reason: string, message: string): void;
  /** Resolves when everything recorded so far has been written or given up. */
  flush(): Promise<void>;
}

interface Seen {
  readonly name: string;
  count: number;
}

/** Remembered for counting; the oldest is forgotten beyond it. */
const REMEMBERED_MAX = 2_048;
/** Written at most at a time: beyond it new events are dropped, so that a broken API server costs no memory. */
const WAITING_MAX = 1_000;

/** Writes events of the component `kubelet` on one node; the same event again raises the count of the first. */
export function createEventRecorder({
  client,
  nodeName,
  clock,
  log,
}: {
  readonly client: Client;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly log: Logger;
}): EventRecorder {
  const seen = new Map<string, Seen>();
  let waiting = 0;
  let created = 0;
  let last: Promise<void> = Promise.resolve();

  async function write(object: ObjectReference, type: EventType, reason: string, message: string, at: number) {
    const key = createHash("sha256")
      .update(JSON.stringify([object, type, reason, message]))
      .digest("hex");
    const namespace = object.namespace ?? "default";
    const before = seen.get(key);
    if (before !== undefined) {
      before.count += 1;
      const patch = { count: before.count, lastTimestamp: apiTime(at) };
      const done = await client.patch(eventKind, { namespace, name: before.name }, "merge", patch).then(
        () => true,
        (error: unknown) => {
          if (error instanceof StatusError && error.reason === "NotFound") return false;
          throw error;
        },
      );
      if (done) return;
    }
    // Upstream's form: the object's name, and the time in nanoseconds in hexadecimal.
    const name = `${object.name}.${(BigInt(at) * 1_000_000n + BigInt(created % 1_000_000)).toString(16)}`;
    created += 1;
    await client.create(
      eventKind,
      newEvent({ name, namespace, object, type, reason, message, nodeName, time: apiTime(at) }),
    );
    seen.delete(key);
    seen.set(key, { name, count: 1 });
    const [oldest] = seen.keys();
    if (seen.size > REMEMBERED_MAX && oldest !== undefined) seen.delete(oldest);
  }

  return {
    event(object, type, reason, message) {
      log.debug("Event", { object: object.name, reason, message });
      if (waiting >= WAITING_MAX) return;
      waiting += 1;
      const at = clock.now();
      last = last
        .then(() => write(object, type, reason, message, at))
        .catch((error: unknown) => {
          // A refusal is nothing to worry about: the namespace is going away, with what the event is about.
          const isRefused = error instanceof StatusError && error.code < 500;
          const level = isRefused ? "debug" : "warn";
          log[level]("An event could not be written", { reason, message, error });
        })
        .finally(() => {
          waiting -= 1;
        });
    },
    flush: () => last,
  };
}

function newEvent({
  name,
  namespace,
  object,
  time,
  nodeName,
  ...said
}: {
  readonly name: string;
  readonly namespace: string;
  readonly object: ObjectReference;
  readonly time: string;
  readonly nodeName: string;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
}): Draft<Event> {
  return {
    metadata: { name, namespace },
    involvedObject: object,
    ...said,
    source: { component: "kubelet", host: nodeName },
    reportingComponent: "kubelet",
    reportingInstance: nodeName,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
