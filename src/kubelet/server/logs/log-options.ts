import { boundedSeconds, nearestInteger } from "@fairlead/api/int64";
import { queryBoolean, queryInteger } from "@fairlead/lib/query-value";
import { Refusal } from "../refusal.ts";

/** What of a log is wanted: `PodLogOptions`, read from a request to the kubelet. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Lines of the file from its end. Undefined: all. */
  readonly tailLines: number | undefined;
  /** Most bytes to send, timestamps included. */
  readonly limitBytes: number | undefined;
  /** Milliseconds since the epoch: older lines are left out. */
  readonly since: number;
  readonly stream: "All" | "Stdout" | "Stderr";
}

/**
 * @param now - Milliseconds since the epoch, which `sinceSeconds` counts back from.
 * @throws {@link Refusal} 400 for what cannot be read, 422 for what makes no sense, worded as upstream's kubelet.
 */
export function logOptions(query: URLSearchParams, now: number): LogOptions {
  const tail = query.get("tail");
  const tailLines = tail === "all" ? undefined : wholeNumber(tail ?? query.get("tailLines"));
  const limitBytes = wholeNumber(query.get("limitBytes"));
  const sinceSeconds = wholeNumber(query.get("sinceSeconds"));
  const sinceTime = query.get("sinceTime");
  const sinceTimeMs = sinceTime === null ? 0 : Date.parse(sinceTime);
  const stream = query.get("stream") ?? "All";

  if (Number.isNaN(sinceTimeMs)) throw new Refusal(400, '{"message": "Unable to decode query."}');
  const bothSince = sinceSeconds !== undefined && sinceTime !== null;
  const tooSmall = (tailLines ?? 0) < 0 || (limitBytes ?? 1) < 1 || (sinceSeconds ?? 1) < 1;
  if (bothSince || tooSmall) throw new Refusal(422, '{"message": "Invalid request."}');
  if (stream !== "All" && stream !== "Stdout" && stream !== "Stderr") {
    throw new Refusal(422, '{"message": "Invalid request."}');
  }
  return {
    follow: queryBoolean(query.get("follow")),
    previous: queryBoolean(query.get("previous")),
    timestamps: queryBoolean(query.get("timestamps")),
    tailLines,
    limitBytes,
    since: sinceSeconds !== undefined ? now - boundedSeconds(sinceSeconds) * 1000 : sinceTimeMs,
    stream,
  };
}

function wholeNumber(text: string | null): number | undefined {
  const read = queryInteger(text);
  if ("error" in read) throw new Refusal(400, '{"message": "Unable to decode query."}');
  return read.value === undefined ? undefined : nearestInteger(read.value);
}
