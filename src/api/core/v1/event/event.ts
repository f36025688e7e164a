import { defineKind, type Kind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { eventColumns } from "./event-columns.ts";
import type { Event } from "./event-schema.ts";
import { eventSchema } from "./event-schema.ts";
import { validateEvent } from "./validate-event.ts";

export type * from "./event-schema.ts";

const selectableFields: Kind<Event>["selectableFields"] = {
  "involvedObject.kind": ({ involvedObject }) => involvedObject.kind ?? "",
  "involvedObject.namespace": ({ involvedObject }) => involvedObject.namespace ?? "",
  "involvedObject.name": ({ involvedObject }) => involvedObject.name ?? "",
  "involvedObject.uid": ({ involvedObject }) => involvedObject.uid ?? "",
  "involvedObject.apiVersion": ({ involvedObject }) => involvedObject.apiVersion ?? "",
  "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject.resourceVersion ?? "",
  "involvedObject.fieldPath": ({ involvedObject }) => involvedObject.fieldPath ?? "",
  reason: ({ reason }) => reason ?? "",
  reportingComponent: ({ reportingComponent }) => reportingComponent ?? "",
  // An empty component counts as none.
  source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ""),
  type: ({ type }) => type ?? "",
};

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
