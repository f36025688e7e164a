import { createClient } from "@fairlead/client/rest/rest-client";
import { inProcessTransport } from "@fairlead/client/transport/in-process-transport.testing";

/** What a server answers. */
export interface Answer {
  readonly code: number;
  readonly body: object;
}

/** A client of a server with given answers, by `GET /api/v1/...`, and the requests that it got. */
export function scriptedClient(answer: (request: string) => Answer) {
  const asked: string[] = [];
  async function* bytes(body: object) {
    yield new TextEncoder().encode(JSON.stringify(body));
  }
  const handle = async ({ method, path }: { readonly method: string; readonly path: string }) => {
    const request = `${method} ${path}`;
    asked.push(request);
    const { code, body } = answer(request);
    return { status: code, headers: {}, body: bytes(body) };
  };
  return { client: createClient(inProcessTransport(handle, "me")), asked };
}

/** A refusal. */
export function refusal(code: number, reason: string, message: string, details: object = {}): Answer {
  return { code, body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, details } };
}
