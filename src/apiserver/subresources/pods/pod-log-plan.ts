import { parseTime } from "@fairlead/api/codec/time";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { type FieldError, forbidden, invalid } from "@fairlead/api/field-error";
import { invalidObject, StatusError } from "@fairlead/api/status-error";
import { queryBoolean } from "@fairlead/lib/query-value";
import { integerOf } from "../../http/query-integer.ts";
import { chosenContainer } from "../streaming/streaming-location.ts";

/** The kubelet that has a container's log, and the request for it. */
export interface LogLocation {
  readonly nodeName: string;
  /** Path and query at the kubelet, percent-encoded. */
  readonly path: string;
}

/** The options that a kubelet knows too, under the same names. */
const PASSED_ON = ["sinceTime", "sinceSeconds", "tailLines", "limitBytes"] as const;
const FLAGS = ["follow", "previous", "timestamps"] as const;

/**
 * Reads `PodLogOptions` from the query. Undefined when the pod has no node yet, and so no log.
 *
 * @throws {StatusError} `BadRequest` for a container that is unknown or unclear, `Invalid` for options that make no sense.
 */
export function logLocation(pod: Pod, query: URLSearchParams): LogLocation | undefined {
  const { name, namespace = "" } = pod.metadata;
  const errors = logOptionErrors(query);
  if (errors.length > 0) throw invalidObject("", "PodLogOptions", name, errors);
  const container = chosenContainer(pod, query.get("container") ?? "");
  if ((pod.spec.nodeName ?? "") === "") return undefined;
  const wanted = new URLSearchParams();
  for (const flag of FLAGS) if (queryBoolean(query.get(flag))) wanted.set(flag, "true");
  for (const option of PASSED_ON) {
    const value = query.get(option) ?? "";
    if (value !== "") wanted.set(option, value);
  }
  const stream = query.get("stream") ?? "";
  if (stream !== "" && stream !== "All") wanted.set("stream", stream);
  const path = ["containerLogs", namespace, name, container].map(encodeURIComponent).join("/");
  const search = wanted.size === 0 ? "" : `?${wanted}`;
  return { nodeName: pod.spec.nodeName ?? "", path: `/${path}${search}` };
}

function logOptionErrors(query: URLSearchParams): readonly FieldError[] {
  const both = query.has("sinceSeconds") && query.has("sinceTime");
  return [
    ...numberErrors(query, "tailLines", 0, "must be greater than or equal to 0"),
    ...numberErrors(query, "limitBytes", 1, "must be greater than 0"),
    ...(both
      ? [forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified")]
      : numberErrors(query, "sinceSeconds", 1, "must be greater than 0")),
    ...timeErrors(query.get("sinceTime") ?? ""),
  ];
}

function numberErrors(query: URLSearchParams, name: string, min: number, problem: string): readonly FieldError[] {
  const number = integerOf(query.get(name));
  return number !== undefined && number < min ? [invalid(name, number, problem)] : [];
}

function timeErrors(text: string): readonly FieldError[] {
  const parsed = text === "" ? undefined : parseTime("time", text);
  if (parsed !== undefined && "error" in parsed) throw new StatusError("BadRequest", parsed.error);
  return [];
}
