import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";
import { eventColumns } from "./event/event-columns.ts";
import { validateEvent } from "./event/validate-event.ts";
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

function selectableFields(event: Event): Readonly<Record<string, string>> {
  const { involvedObject: involved } = event;
  return {
    "involvedObject.kind": involved.kind ?? "",
    "involvedObject.namespace": involved.namespace ?? "",
    "involvedObject.name": involved.name ?? "",
    "involvedObject.uid": involved.uid ?? "",
    "involvedObject.apiVersion": involved.apiVersion ?? "",
    "involvedObject.resourceVersion": involved.resourceVersion ?? "",
    "involvedObject.fieldPath": involved.fieldPath ?? "",
    reason: event.reason ?? "",
    reportingComponent: event.reportingComponent ?? "",
    source: (event.source?.component ?? "") === "" ? (event.reportingComponent ?? "") : (event.source?.component ?? ""),
    type: event.type ?? "",
  };
}

export const eventKind = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  schema: eventSchema,
  columns: eventColumns,
  validate: validateEvent,
  validateName: dnsSubdomainProblems,
  selectableFields,
});
