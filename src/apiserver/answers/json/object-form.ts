import { type Kind, listKindOf } from "@fairlead/api/kind";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { Splicer } from "../../registry/stored-object.ts";
import { bookmarkMetadata } from "../object-writer.ts";
import type { JsonForm } from "./json-form.ts";

/** Objects as they are stored: bytes in, bytes out. */
export function objectForm(kind: Kind, splicer: Splicer): JsonForm {
  const apiVersion = apiVersionOf(kind);
  return {
    object: (stored) => splicer.whole(stored),
    listHead(meta) {
      const listType = `"kind":${JSON.stringify(listKindOf(kind))},"apiVersion":${JSON.stringify(apiVersion)}`;
      return `{${listType},"metadata":${JSON.stringify(meta)},"items":[`;
    },
    item: (stored) => [splicer.itemHead(stored), splicer.itemTail(stored)],
    bookmark: (...bookmark) => JSON.stringify({ kind: kind.kind, apiVersion, metadata: bookmarkMetadata(...bookmark) }),
    sharedAs: "json",
  };
}
