import type { Event } from "../../../core/v1/event/event-schema.ts";
import type { Draft } from "../../../schema.ts";
import type { Event as EventsEvent } from "./event-schema.ts";

/** The same event in the form of the core group, which has other names for some fields. */
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
