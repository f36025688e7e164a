import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { ServedVersion } from "../registry/served-version.ts";
import type { SharedLines } from "../watch-cache/shared-lines.ts";
import type { ByteEventWriter, EventType } from "./object-writer.ts";

/** Returns a writer that writes each change once for all watches of the version with the same form. */
export function sharedEvents(
  writer: ByteEventWriter,
  { kind }: Pick<ServedVersion, "kind">,
  lines: SharedLines,
): ByteEventWriter {
  const { sharedAs } = writer;
  if (sharedAs === undefined) return writer;
  const nameOf = (type: EventType) => `${type} ${apiVersionOf(kind)} ${sharedAs}`;
  const names = { ADDED: nameOf("ADDED"), MODIFIED: nameOf("MODIFIED"), DELETED: nameOf("DELETED") };
  return {
    ...writer,
    written: (type, change) => lines.get(change, names[type]),
    event(type, stored, change) {
      const frame = writer.event(type, stored);
      if (change !== undefined) lines.set(change, names[type], frame);
      return frame;
    },
  };
}
