import type { Kind } from "../../api/kind.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { warningHeaders } from "./write-options.ts";

/** Returns the answer to a request about a kind, with a warning besides its own where the kind is deprecated. */
export function withDeprecation(response: ApiResponse, kind: Pick<Kind, "deprecation"> | undefined): ApiResponse {
  if (kind?.deprecation === undefined) return response;
  const own = response.headers.warning;
  const warnings = [own, warningHeaders([kind.deprecation]).warning].filter((one) => one !== undefined);
  return { ...response, headers: { ...response.headers, warning: warnings.join(", ") } };
}
