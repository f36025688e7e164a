import type { Socket } from "node:net";
import type { PodConnection } from "./pod-connections.ts";

/** How a relayed connection came to its end. */
export type RelayEnd =
  /** Both sides have closed it, or the client has broken it off. */
  | { readonly type: "ended" }
  /** The pod has taken nothing: another pod may be tried with the same connection. */
  | { readonly type: "refused"; readonly reason: string }
  /** It broke half-way; the client got a reset. */
  | { readonly type: "broken"; readonly reason: string };

/** What a client has sent before any pod answered: a pod that refuses the connection has not got it. */
export interface EarlyBytes {
  readonly pieces: Buffer[];
  ended: boolean;
}

/** More than this is not kept for another pod: a client that sends so much without an answer has been connected. */
const EARLY_MAX_BYTES = 65_536;
/** How long the reason for an end without an answer may take. */
const REASON_TIMEOUT_MS = 500;

/**
 * Passes bytes both ways until both sides have closed, each half on its own.
 *
 * @param client - Paused, with half-open connections allowed.
 * @param early - Is sent first, and added to.
 */
export function relay(client: Socket, pod: PodConnection, early: EarlyBytes): Promise<RelayEnd> {
  const { data } = pod;
  const { promise, resolve } = Promise.withResolvers<RelayEnd>();
  let over = false;
  const kept = earlyKeeper(early);

  const end = (how: RelayEnd) => {
    if (over) return;
    over = true;
    client.pause().off("data", onBytes).off("end", onEnd).off("close", onClose);
    pod.close();
    if (how.type === "broken") client.resetAndDestroy();
    resolve(how);
  };
  const endIfBothHave = () => {
    if (data.readableEnded && client.readableEnded) end({ type: "ended" });
  };
  const onBytes = (piece: Buffer) => {
    kept.add(piece);
    if (data.write(piece)) return;
    client.pause();
    data.once("drain", () => over || client.resume());
  };
  const onEnd = () => {
    early.ended = true;
    data.end();
    endIfBothHave();
  };
  const onClose = () => end({ type: "ended" });

  client.on("data", onBytes).on("end", onEnd).on("close", onClose);
  data.on("data", (piece: Buffer) => {
    kept.stop();
    if (client.write(piece)) return;
    data.pause();
    client.once("drain", () => data.resume());
  });
  data.on("end", async () => {
    const answered = kept.stopped();
    if (answered && !data.cutOff) client.end();
    const podReason = await reasonOf(pod, { mayWait: answered && !data.cutOff });
    if (!answered && isRefusal(podReason)) return end({ type: "refused", reason: short(podReason) });
    const reason = data.cutOff ? podReason || "the connection to the pod broke" : podReason;
    if (reason !== "") return end({ type: "broken", reason: short(reason) });
    client.end();
    endIfBothHave();
  });

  for (const piece of early.pieces) data.write(piece);
  if (early.ended) data.end();
  if (client.destroyed) end({ type: "ended" });
  else client.resume();
  return promise;
}

/** Keeps what a client sends until there is an answer, or too much of it. */
function earlyKeeper({ pieces }: EarlyBytes) {
  let bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let stopped = bytes > EARLY_MAX_BYTES;
  return {
    add(piece: Buffer) {
      if (stopped) return;
      bytes += piece.length;
      stopped = bytes > EARLY_MAX_BYTES;
      pieces.push(piece);
    },
    stop: () => {
      stopped = true;
    },
    stopped: () => stopped,
  };
}

/** @param options - `mayWait`: the other half goes on, and the reason, if any, comes when that is over too. */
function reasonOf({ failure }: PodConnection, { mayWait }: { readonly mayWait: boolean }): Promise<string> {
  if (mayWait) return failure;
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(""), REASON_TIMEOUT_MS);
  void failure.then(resolve).finally(() => clearTimeout(timer));
  return promise;
}

const REFUSED = /connection refused|ECONNREFUSED/i;

/** Container runtimes report a refused connection, or a pod's network that is gone, as text. */
function isRefusal(reason: string): boolean {
  return REFUSED.test(reason) || /failed to (connect|dial)|network namespace .*closed|sandbox .*not/i.test(reason);
}

/** The end of the chain of what failed says most. */
function short(reason: string): string {
  if (REFUSED.test(reason)) return "connection refused";
  return reason.trim().split("\n")[0]?.slice(0, 200) ?? "";
}
