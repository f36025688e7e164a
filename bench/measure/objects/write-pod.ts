import type { ClientHttp2Session } from "node:http2";
import { ask } from "../connection.ts";
import type { Placement } from "./placement.ts";
import { WRITTEN } from "./written.ts";

/** Between two pods that are written one after another, so that they are in different namespaces. A prime: all get their turn. */
const STRIDE = 7_919;

/** The path of a pod: that of the `number`th write, or read. */
export function podPath(placement: Placement, number: number): string {
  const { namespace, name } = placement.pod((number * STRIDE) % placement.pods);
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** Writes its number into an annotation of a pod, with the time behind it: a write that changes nothing is no event. */
export async function writePod(session: ClientHttp2Session, placement: Placement, number: number): Promise<void> {
  await ask(session, {
    method: "PATCH",
    path: podPath(placement, number),
    contentType: "application/merge-patch+json",
    body: { metadata: { annotations: { [WRITTEN]: `${number} ${Date.now()}` } } },
  });
}
