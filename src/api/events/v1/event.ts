import { eventSourceSchema } from "../../core/v1/event.ts";
import { objectReferenceSchema } from "../../core/v1/references.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const eventSeriesSchema = struct("io.k8s.api.events.v1.EventSeries", "", {
  count: field(1, t.int32, "", { required: true }),
  lastObservedTime: field(2, t.microTime, "", { required: true }),
});
export type EventSeries = Infer<typeof eventSeriesSchema>;

export const eventSchema = struct("io.k8s.api.events.v1.Event", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  eventTime: field(2, t.microTime, "", { required: true }),
  series: field(3, eventSeriesSchema, ""),
  reportingController: field(4, t.string, ""),
  reportingInstance: field(5, t.string, ""),
  action: field(6, t.string, ""),
  reason: field(7, t.string, ""),
  regarding: field(8, objectReferenceSchema, ""),
  related: field(9, objectReferenceSchema, ""),
  note: field(10, t.string, ""),
  type: field(11, t.string, ""),
  deprecatedSource: field(12, eventSourceSchema, ""),
  deprecatedFirstTimestamp: field(13, t.time, ""),
  deprecatedLastTimestamp: field(14, t.time, ""),
  deprecatedCount: field(15, t.int32, ""),
});
export type Event = Infer<typeof eventSchema>;

export const eventKind = defineKind<Event>({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  schema: eventSchema,
});
