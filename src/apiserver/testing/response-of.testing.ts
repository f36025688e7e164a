import assert from "node:assert/strict";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import type { Answer } from "../answers/answer.ts";

/** Returns the response of an answer that is one already. Fails for any other. */
export function responseOf(answer: Answer): ApiResponse {
  assert.ok(answer.type === "response", `an answer of type ${answer.type}`);
  return answer.response;
}
