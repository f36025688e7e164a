import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";
import { objectReferenceSchema } from "../references.ts";

export const eventSeriesSchema = struct("io.k8s.api.core.v1.EventSeries", "How an event goes on.", {
  count: field(1, t.int32, "How often it has happened."),
  lastObservedTime: field(2, t.microTime, "When it happened last."),
});
export type EventSeries = Infer<typeof eventSeriesSchema>;

export const eventSourceSchema = struct("io.k8s.api.core.v1.EventSource", "Who saw it happen.", {
  component: field(1, t.string, "Program that reported it."),
  host: field(2, t.string, "Node that the program runs on."),
});
export type EventSource = Infer<typeof eventSourceSchema>;

export const eventSchema = struct(
  "io.k8s.api.core.v1.Event",
  "Something that happened to an object. Kept for an hour.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { required: true }),
    involvedObject: field(2, objectReferenceSchema, "Object that it happened to.", { required: true }),
    reason: field(3, t.string, "Why it happened, in one word."),
    message: field(4, t.string, "What happened."),
    source: field(5, eventSourceSchema, "Who saw it.", { filled: true }),
    firstTimestamp: field(6, t.time, "When it happened first."),
    lastTimestamp: field(7, t.time, "When it happened last."),
    count: field(8, t.int32, "How often it has happened."),
    type: field(9, t.string, "Normal or Warning."),
    eventTime: field(10, t.microTime, "When it happened, to the microsecond."),
    series: field(11, eventSeriesSchema, "How it goes on; absent for something that happened once."),
    action: field(12, t.string, "What was done, or could not be done."),
    related: field(13, objectReferenceSchema, "Another object that took part."),
    reportingComponent: field(14, t.string, "Controller that reported it.", { filled: true }),
    reportingInstance: field(15, t.string, "Which instance of the controller.", { filled: true }),
  },
);
export type Event = Infer<typeof eventSchema>;
