import { encodeStored } from "../../api/codec/encode.ts";
import { parseApiJson } from "../../api/codec/parse-json.ts";
import { type Event, eventKind } from "../../api/core/v1/event.ts";
import { fromCoreEvent, toCoreEvent } from "../../api/events/v1/core-event.ts";
import type { Event as EventsEvent } from "../../api/events/v1/event.ts";
import { eventKind as eventsEventKind } from "../../api/events/v1/event.ts";
import type { Alias } from "./aliased-store.ts";
import { kindPrefix } from "./keys.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Events are the same objects in the core group and in `events.k8s.io`; they are kept in the form of the core group. */
export const eventAlias: Alias = {
  prefix: kindPrefix(eventsEventKind),
  storedPrefix: kindPrefix(eventKind),
  toStored: (value) =>
    encoder.encode(encodeStored(eventKind, toCoreEvent(parseApiJson(decoder.decode(value)) as EventsEvent))),
  fromStored(value) {
    const event = fromCoreEvent(parseApiJson(decoder.decode(value)) as Event);
    // Encoding leaves out what is absent.
    return encoder.encode(encodeStored(eventsEventKind, event as EventsEvent));
  },
};
