import type { Column } from "../../../column.ts";
import { eventColumns as coreColumns } from "../../../core/v1/event/event-columns.ts";
import { toCoreEvent } from "./core-event.ts";
import type { Event } from "./event-schema.ts";

/** Both forms of an event are printed alike. */
export const eventColumns: readonly Column<Event>[] = coreColumns.map((column) => ({
  ...column,
  cell: (event, now) => column.cell(toCoreEvent(event), now),
}));
