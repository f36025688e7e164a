import { eventKind as coreEventKind } from "../../../core/v1/event/event.ts";
import type { Event as CoreEvent } from "../../../core/v1/event/event-schema.ts";
import { convertEach, type ResourceDefinition } from "../../../resource-definition.ts";
import { fromCoreEvent, toCoreEvent } from "./core-event.ts";
import { eventKind } from "./event.ts";
import type { Event } from "./event-schema.ts";

const conversion = convertEach<Event, CoreEvent>({
  toStorage: toCoreEvent,
  // An event that was written to the core group may lack `eventTime`, which encoding leaves out.
  fromStorage: (event) => fromCoreEvent(event) as Event,
});

/** Events are the same objects in the core group and in `events.k8s.io`. They are stored in the form of the core group. */
export const eventResource: ResourceDefinition = {
  storage: coreEventKind,
  versions: [{ kind: coreEventKind }, { kind: eventKind, conversion, printedAs: coreEventKind }],
};
