import type { ObjectWriter } from "../object-writer.ts";
import { eventLine, textLine } from "./event-lines.ts";
import type { JsonForm } from "./json-form.ts";
import { listBody } from "./list-body.ts";

export const JSON_TYPE = "application/json";

/** Writes JSON; events one on a line. @param formOf - Returns the form for one answer or one watch. */
export function jsonWriter(formOf: () => JsonForm): ObjectWriter {
  return {
    mediaType: JSON_TYPE,
    object: (stored) => formOf().object(stored),
    list: (items, meta) => listBody(formOf(), items, meta),
    events() {
      const form = formOf();
      return {
        mediaType: JSON_TYPE,
        ...(form.sharedAs !== undefined && { sharedAs: form.sharedAs }),
        event: (type, stored) => eventLine(type, form.object(stored)),
        bookmark: (...bookmark) => textLine("BOOKMARK", form.bookmark(...bookmark)),
        error: (status) => textLine("ERROR", JSON.stringify(status)),
      };
    },
  };
}
