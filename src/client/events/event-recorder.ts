import { apiTime } from "@fairlead/api/api-time";
import type { Event } from "@fairlead/api/core/v1/event/event";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import { dnsSubdomainProblems } from "@fairlead/api/names";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isAlreadyExists, isNamespaceTerminating, StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { LogFields, Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Client } from "../client.ts";
import { ifThere } from "../if-there.ts";
import type { NewEvent } from "./correlate.ts";
import { createCorrelator } from "./correlate.ts";

/** Events that may wait for the API server; more are dropped. As upstream's broadcaster. */
const WAITING_MAX = 1_000;
/** How often one event is tried while the server is away, and the pause between. Upstream's figures. */
const TRIES_MAX = 12;
const TRY_AGAIN_MS = 10_000;
const MILLISECOND_NS = 1_000_000n;
/** How long a recorder that is stopped waits for what is still to be written. */
const STOP_WAIT_MS = 1_000;

/** What a recorder needs to know and to have. */
export interface EventRecorderOptions {
  readonly client: Client;
  /** The program that records: `kubelet`, `default-scheduler`. */
  readonly component: string;
  /** The node it runs on, for components that run on nodes. */
  readonly host?: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** Records what happened to an object: what `kubectl describe` shows under Events. */
export interface EventRecorder {
  /** Never throws and never waits: events are written one after another, and dropped rather than in the way. */
  record(object: KubeObject | ObjectReference, event: RecordedEvent): void;
}

/** A recorder that runs until it is stopped. */
export interface RunningRecorder extends EventRecorder, Running {
  /** The object is gone: what is remembered of its events, to count the same ones, is to take no more room. */
  forget(object: KubeObject | ObjectReference): void;
}

/** What happened. The `fieldPath` of a reference names the part of the object. */
export interface RecordedEvent {
  readonly type: "Normal" | "Warning";
  /** Short, in CamelCase: `FailedScheduling`. */
  readonly reason: string;
  readonly message: string;
}

/** A recorder that writes core/v1 Events, counting and combining them as upstream does. */
export function createEventRecorder(options: EventRecorderOptions): RunningRecorder {
  const { client, clock, log, random = Math.random } = options;
  const correlator = createCorrelator();
  const ending = new AbortController();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  // The recorders of two nodes may report the same object in the same millisecond.
  let serial = BigInt(Math.floor(random() * Number(MILLISECOND_NS)));

  async function write(event: NewEvent): Promise<void> {
    const correlated = correlator.correlate(event, clock.monotonicMs());
    if (correlated.do === "skip") return;
    for (let tries = 1; !ending.signal.aborted; tries++) {
      try {
        await (correlated.do === "create" ? create(client, correlated.event) : count(client, correlated.event));
        return;
      } catch (error) {
        if (error instanceof StatusError) {
          // It would be refused again.
          log[isNoWorry(error) ? "debug" : "warn"]("An event was refused", { ...said(event), error });
          return;
        }
        if (tries === TRIES_MAX) {
          log.warn("Cannot write an event: giving up", { ...said(event), error });
          return;
        }
      }
      await clock.sleep(tries === 1 ? TRY_AGAIN_MS * random() : TRY_AGAIN_MS, ending.signal).catch(() => {});
    }
  }

  return {
    record(object, recorded) {
      if (ending.signal.aborted) return;
      const event = newEvent(referenceTo(object), recorded, { ...options, serial: serial++ });
      if (waiting >= WAITING_MAX) {
        log.warn("Too many events wait for the API server: one was dropped", said(event));
        return;
      }
      log.debug("Event", said(event));
      waiting += 1;
      last = last
        .then(() => write(event))
        .finally(() => {
          waiting -= 1;
        });
    },
    forget(object) {
      const reference = referenceTo(object);
      // After the events that wait.
      last = last.then(() => correlator.forget(reference));
    },
    ...running(async () => {
      const patience = new AbortController();
      await Promise.race([last, clock.sleep(STOP_WAIT_MS, patience.signal).catch(() => {})]);
      patience.abort();
      ending.abort();
    }),
  };
}

/** The namespace is going away or gone, and what the event is about with it; or the event was written after all. */
function isNoWorry(error: StatusError): boolean {
  return isNamespaceTerminating(error) || isAlreadyExists(error);
}

/** What a log says of an event. */
function said({ metadata: { namespace }, involvedObject: { kind, name }, reason, message }: NewEvent): LogFields {
  return { kind, namespace, name, reason, message };
}

/** A reference to the object, or to a part of it (`spec.containers{web}`), as events carry it. */
export function referenceTo(object: KubeObject | ObjectReference, fieldPath?: string): Draft<ObjectReference> {
  const part = fieldPath === undefined ? {} : { fieldPath };
  if (!("metadata" in object)) return { ...object, ...part };
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, ...part };
}

/** After the object, or after its uid where the object's name is too long for it, or none that an event may have. */
function eventName({ name, uid = "event" }: Draft<ObjectReference>, nanoseconds: bigint): string {
  const [full, short] = [name, uid].map((stem) => `${stem}.${nanoseconds.toString(16)}`) as [string, string];
  return dnsSubdomainProblems(full).length === 0 ? full : short;
}

function newEvent(
  involvedObject: Draft<ObjectReference>,
  { type, reason, message }: RecordedEvent,
  { component, host, clock, serial }: Pick<EventRecorderOptions, "component" | "host" | "clock"> & { serial: bigint },
): NewEvent {
  const nowMs = clock.now();
  const nanoseconds = BigInt(Math.floor(nowMs)) * MILLISECOND_NS + (serial % MILLISECOND_NS);
  const timestamp = apiTime(nowMs);
  return {
    metadata: {
      name: eventName(involvedObject, nanoseconds),
      namespace: involvedObject.namespace ?? "default",
    },
    involvedObject,
    reason,
    message,
    source: { component, ...(host !== undefined && { host }) },
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
    type,
    reportingComponent: component,
    reportingInstance: host ?? "",
  };
}

async function create(client: Client, event: Draft<Event>): Promise<void> {
  await client.create(eventKind, event);
}

async function count(client: Client, event: NewEvent): Promise<void> {
  const { count: times, lastTimestamp, message } = event;
  const patch = { count: times, lastTimestamp, message };
  const patched = await ifThere(client.patch(eventKind, event.metadata, "strategic", patch));
  // Events expire: it is created again, with its count.
  if (patched === undefined) await create(client, event);
}
