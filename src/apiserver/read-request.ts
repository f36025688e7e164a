import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { parseQuery } from "./http/parse-query.ts";
import { type RequestInfo, requestInfo } from "./request-info.ts";

/** What a request asks for. */
export interface ReadRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
}

/** Reads what a request asks for. `notEncoded`: its path holds a percent sign that encodes nothing, which is no request. */
export function readRequest(request: Pick<ApiRequest, "method" | "path">): ReadRequest | StatusError | "notEncoded" {
  const [path = "", search = ""] = splitOnce(request.path, "?");
  try {
    const query = parseQuery(search);
    return { info: requestInfo(request.method, path, query), query };
  } catch (error) {
    if (error instanceof StatusError) return error;
    if (error instanceof URIError) return "notEncoded";
    throw error;
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
