import { eventSourceSchema } from "../../../core/v1/event/event-schema.ts";
import { objectReferenceSchema } from "../../../core/v1/references.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";

export const eventSeriesSchema = struct("io.k8s.api.events.v1.EventSeries", "How an event goes on.", {
  count: field(1, t.int32, "How often it has happened.", { required: true }),
  lastObservedTime: field(2, t.microTime, "When it happened last.", { required: true }),
});
export type EventSeries = Infer<typeof eventSeriesSchema>;

export const eventSchema = struct(
  "io.k8s.api.events.v1.Event",
  "Something that happened to an object. Kept for an hour.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    eventTime: field(2, t.microTime, "When it happened, to the microsecond.", { required: true }),
    series: field(3, eventSeriesSchema, "How it goes on; absent for something that happened once."),
    reportingController: field(4, t.string, "Controller that reported it."),
    reportingInstance: field(5, t.string, "Which instance of the controller."),
    action: field(6, t.string, "What was done, or could not be done."),
    reason: field(7, t.string, "Why it was done, in one word."),
    regarding: field(8, objectReferenceSchema, "Object that it happened to.", { filled: true }),
    related: field(9, objectReferenceSchema, "Another object that took part."),
    note: field(10, t.string, "What happened."),
    type: field(11, t.string, "Normal or Warning."),
    deprecatedSource: field(12, eventSourceSchema, "Who saw it, in the old form.", { filled: true }),
    deprecatedFirstTimestamp: field(13, t.time, "When it happened first, in the old form."),
    deprecatedLastTimestamp: field(14, t.time, "When it happened last, in the old form."),
    deprecatedCount: field(15, t.int32, "How often it happened, in the old form."),
  },
);
export type Event = Infer<typeof eventSchema>;
