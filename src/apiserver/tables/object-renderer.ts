import { type Kind, listKindOf } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/resource-reference.ts";
import type { Splicer } from "../registry/stored-object.ts";
import type { Renderer } from "./renderer.ts";

/** Objects as they are stored: bytes in, bytes out. */
export function objectRenderer(kind: Kind, splicer: Splicer): Renderer {
  const apiVersion = apiVersionOf(kind);
  const listType = `"kind":${JSON.stringify(listKindOf(kind))},"apiVersion":${JSON.stringify(apiVersion)}`;
  return {
    single: (stored) => splicer.whole(stored),
    listHead: (meta) => `{${listType},"metadata":${JSON.stringify(meta)},"items":[`,
    item: (stored) => [splicer.itemHead(stored), splicer.itemTail(stored)],
    listTail: "]}\n",
    shared: true,
    bookmark: (resourceVersion, annotations) =>
      JSON.stringify({
        kind: kind.kind,
        apiVersion,
        metadata: { resourceVersion, creationTimestamp: null, ...annotated(annotations) },
      }),
  };
}

/** `annotations`, left out when there are none. */
export function annotated(annotations: Readonly<Record<string, string>>) {
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}
