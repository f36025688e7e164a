import type { ApiResponse } from "../../client/transport.ts";
import type { ResourceRequestInfo } from "../request-info.ts";
import { warningHeaders } from "./write-options.ts";

/** What is still served and better not used any more: since when, and what to use instead. As upstream's lifecycles say. */
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ["/v1/endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
]);

/** The answer with a warning besides its own when it is about a deprecated resource, whatever the verb. */
export function withDeprecation(response: ApiResponse, { group, version, resource }: ResourceRequestInfo): ApiResponse {
  const text = DEPRECATED.get(`${group}/${version}/${resource}`);
  if (text === undefined) return response;
  const warnings = [response.headers.warning, warningHeaders([text]).warning].filter((one) => one !== undefined);
  return { ...response, headers: { ...response.headers, warning: warnings.join(", ") } };
}
