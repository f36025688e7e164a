import type { FieldError } from "@fairlead/api/field-error";
import { forbidden, notSupported } from "@fairlead/api/field-error";
import { boundedSeconds, nearestInteger } from "@fairlead/api/int64";
import { invalidObject } from "@fairlead/api/status-error";
import { queryBoolean } from "@fairlead/lib/query-value";
import { integerOf } from "../http/query-integer.ts";
import { revisionOf } from "./verb-request.ts";

/** What the query of a list or watch asks for, besides selectors. */
export interface RequestedListOptions {
  /** `undefined`: the newest state. 0: any state. */
  readonly revision: number | undefined;
  readonly match: string;
  /** Most items to answer; 0 for all. */
  readonly limit: number;
  /** Empty for the first page. */
  readonly continue: string;
  readonly allowBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  /** How long a watch may last. 0 or `undefined`: as long as the server likes. Negative: not at all. */
  readonly timeoutSeconds: number | undefined;
}

const MATCHES = ["Exact", "NotOlderThan"];

/** @throws {StatusError} `Invalid` or `BadRequest` for a query that upstream refuses. */
export function requestedListOptions(query: URLSearchParams, watch: boolean): RequestedListOptions {
  const initial = query.get("sendInitialEvents");
  const timeoutSeconds = integerOf(query.get("timeoutSeconds"));
  const options = {
    revision: revisionOf(query.get("resourceVersion")),
    match: query.get("resourceVersionMatch") ?? "",
    // As upstream: a negative limit is none.
    limit: Math.max(0, nearestInteger(integerOf(query.get("limit")) ?? 0)),
    continue: query.get("continue") ?? "",
    allowBookmarks: queryBoolean(query.get("allowWatchBookmarks")),
    sendInitialEvents: initial === null ? undefined : queryBoolean(initial),
    timeoutSeconds: timeoutSeconds === undefined ? undefined : boundedSeconds(timeoutSeconds),
  };
  const errors = watch ? watchProblems(options) : listProblems(options);
  if (errors.length > 0) throw invalidObject("meta.k8s.io", "ListOptions", "", errors);
  return options;
}

function listProblems(options: RequestedListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: string, why: string) => errors.push(forbidden(field, why));
  const { match, revision } = options;
  if (match !== "") {
    if (revision === undefined) {
      refuse("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    if (options.continue !== "") {
      refuse("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
    }
    if (!MATCHES.includes(match)) errors.push(notSupported("resourceVersionMatch", match, [...MATCHES, ""]));
    if (match === "Exact" && revision === 0) {
      refuse("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (options.sendInitialEvents !== undefined) {
    refuse("sendInitialEvents", "sendInitialEvents is forbidden for list");
  }
  return errors;
}

function watchProblems({ match, sendInitialEvents }: RequestedListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    errors.push(
      forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
    );
  }
  if (match === "") return errors;
  if (sendInitialEvents === undefined) {
    const why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
    errors.push(forbidden("resourceVersionMatch", why));
  }
  if (match !== "NotOlderThan") errors.push(notSupported("resourceVersionMatch", match, ["NotOlderThan"]));
  return errors;
}
