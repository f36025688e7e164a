import type { Column } from "../../../column.ts";
import { column, wideColumn } from "../../../columns.ts";
import { ageOf } from "../../../human-duration.ts";
import type { Event } from "./event-schema.ts";

/** What `kubectl get events` prints. */
export const eventColumns: readonly Column<Event>[] = [
  column("Last Seen", "How long ago it happened last.", lastSeen),
  column("Type", "Normal or Warning.", ({ type = "" }) => type),
  column("Reason", "Why it happened, in one word.", ({ reason = "" }) => reason),
  column("Object", "What it happened to.", object),
  wideColumn(
    "Subobject",
    "Which part of the object it is about.",
    ({ involvedObject }) => involvedObject.fieldPath ?? "",
  ),
  wideColumn("Source", "Who reported it.", source),
  column("Message", "What happened.", ({ message = "" }) => message.trim()),
  wideColumn("First Seen", "How long ago it happened first.", firstSeen),
  wideColumn("Count", "How often it happened.", (event) => String(count(event))),
  {
    name: "Name",
    type: "string",
    format: "name",
    description: "Name of the object.",
    priority: 1,
    cell: ({ metadata }) => metadata.name,
  },
];

/** Repeated events have the time of their last occurrence in one of two places, single ones in a third. */
function lastSeen(event: Event, now: number): string {
  if (event.series?.lastObservedTime !== undefined) return ageOf(event.series.lastObservedTime, now);
  return event.lastTimestamp === undefined ? firstSeen(event, now) : ageOf(event.lastTimestamp, now);
}

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return ageOf(firstTimestamp ?? eventTime, now);
}

function count({ series, count: total = 0 }: Event): number {
  if (series?.count !== undefined) return series.count;
  return total === 0 ? 1 : total;
}

function object({ involvedObject: { kind = "", name = "" } }: Event): string {
  return name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function source({ source: from = {}, reportingComponent = "", reportingInstance = "" }: Event): string {
  const [component = "", host = ""] =
    (from.component ?? "") === "" ? [reportingComponent, reportingInstance] : [from.component, from.host];
  return host === "" ? component : `${component}, ${host}`;
}
