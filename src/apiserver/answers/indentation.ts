import type { Awaitable } from "@fairlead/api/resource-definition";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { bytesResponse } from "../http/response.ts";
import { preferred } from "./negotiate.ts";

type Asked = Pick<ApiRequest, "path" | "headers">;

/** Programs that people look at answers with; as upstream's `isPrettyPrint` knows them. */
const FOR_PEOPLE = ["curl", "Wget", "Mozilla/5.0"];
const TRUE = ["1", "t", "T", "true", "TRUE", "True"];

/**
 * The answer with its JSON indented where `pretty` of the query says so, or where it says nothing
 * and people look with that program. Not for a body that does not end by itself.
 */
export function readable(request: Asked, response: ApiResponse): Awaitable<ApiResponse> {
  return wantsIndentation(request) ? withIndentation(response) : response;
}

function wantsIndentation({ path, headers }: Asked): boolean {
  // A parameter of the media type that is answered says it first.
  if (headers.accept?.includes("pretty") && preferred(headers.accept)[0]?.parameters.get("pretty") === "1") return true;
  const asked = path.includes("pretty=") ? (/[?&]pretty=([^&]*)/.exec(path)?.[1] ?? "") : "";
  if (asked !== "") return TRUE.includes(asked);
  return FOR_PEOPLE.some((program) => headers["user-agent"]?.startsWith(program));
}

/** One that is no JSON, or compressed, is not changed. */
async function withIndentation(response: ApiResponse): Promise<ApiResponse> {
  const { "content-type": type = "", "content-encoding": encoding, "content-length": _, ...headers } = response.headers;
  if (type !== "application/json" || encoding !== undefined) return response;
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  const text = indented(Buffer.concat(pieces).toString());
  return bytesResponse(response.status, type, Buffer.from(text), headers);
}

const STRING = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const EMPTY = String.raw`\{\s*\}|\[\s*\]`;
const TOKEN = new RegExp(String.raw`${STRING}|${EMPTY}|[{}[\],:]|\s+`, "g");

/** JSON text, two spaces deeper for each level. What is in it is not read: numbers stay as they are written. */
export function indented(json: string): string {
  let indent = "\n";
  return json.replace(TOKEN, (token) => {
    switch (token[0]) {
      case "{":
      case "[":
        if (token.length > 1) return `${token[0]}${token.at(-1)}`;
        indent += "  ";
        return token + indent;
      case "}":
      case "]":
        indent = indent.slice(0, -2);
        return indent + token;
      case ",":
        return token + indent;
      case ":":
        return ": ";
      case '"':
        return token;
      default:
        return "";
    }
  });
}
