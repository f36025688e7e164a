import { encodeStored } from "../../api/codec/encode.ts";
import type { Event } from "../../api/core/v1/event.ts";
import { eventKind } from "../../api/core/v1/event.ts";
import type { Event as EventsEvent } from "../../api/events/v1/event.ts";
import { eventKind as eventsEventKind } from "../../api/events/v1/event.ts";
import type { Draft } from "../../api/schema.ts";
import type { Alias } from "./aliased-store.ts";
import { kindPrefix } from "./keys.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Events are the same objects in the core group and in `events.k8s.io`; they are kept in the form of the core group. */
export const eventAlias: Alias = {
  prefix: kindPrefix(eventsEventKind),
  storedPrefix: kindPrefix(eventKind),
  toStored: (value) => encoder.encode(encodeStored(eventKind, toCoreEvent(JSON.parse(decoder.decode(value))))),
  fromStored(value) {
    const event = fromCoreEvent(JSON.parse(decoder.decode(value)));
    // Encoding leaves out what is absent.
    return encoder.encode(encodeStored(eventsEventKind, event as EventsEvent));
  },
};

/** What `events.k8s.io` calls by other names. */
export function toCoreEvent(event: EventsEvent): Event {
  const {
    regarding,
    note,
    reportingController,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    ...same
  } = event;
  return {
    ...same,
    apiVersion: "v1",
    involvedObject: regarding ?? {},
    message: note,
    reportingComponent: reportingController,
    source: deprecatedSource,
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
  };
}

/** The inverse of {@link toCoreEvent}. An event that was written in the old way has no `eventTime`. */
export function fromCoreEvent(event: Event): Draft<EventsEvent> {
  const { involvedObject, message, reportingComponent, source, firstTimestamp, lastTimestamp, count, ...same } = event;
  return {
    ...same,
    apiVersion: "events.k8s.io/v1",
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}
