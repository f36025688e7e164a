import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";
import { objectReferenceSchema } from "./references.ts";

export const eventSeriesSchema = struct("io.k8s.api.core.v1.EventSeries", "", {
  count: field(1, t.int32, ""),
  lastObservedTime: field(2, t.microTime, ""),
});
export type EventSeries = Infer<typeof eventSeriesSchema>;

export const eventSourceSchema = struct("io.k8s.api.core.v1.EventSource", "", {
  component: field(1, t.string, ""),
  host: field(2, t.string, ""),
});
export type EventSource = Infer<typeof eventSourceSchema>;

export const eventSchema = struct("io.k8s.api.core.v1.Event", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  involvedObject: field(2, objectReferenceSchema, "", { required: true }),
  reason: field(3, t.string, ""),
  message: field(4, t.string, ""),
  source: field(5, eventSourceSchema, ""),
  firstTimestamp: field(6, t.time, ""),
  lastTimestamp: field(7, t.time, ""),
  count: field(8, t.int32, ""),
  type: field(9, t.string, ""),
  eventTime: field(10, t.microTime, ""),
  series: field(11, eventSeriesSchema, ""),
  action: field(12, t.string, ""),
  related: field(13, objectReferenceSchema, ""),
  reportingComponent: field(14, t.string, "", { keepEmpty: true }),
  reportingInstance: field(15, t.string, "", { keepEmpty: true }),
});
export type Event = Infer<typeof eventSchema>;

export const eventKind = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  schema: eventSchema,
});
