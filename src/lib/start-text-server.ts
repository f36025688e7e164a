import type { Running } from "./running.ts";
import { type HttpAddress, startHttpServer } from "./start-http-server.ts";

export interface TextPage {
  /** Media type. Default `text/plain; charset=utf-8`. */
  readonly type?: string;
  /** Called for each request. */
  text(): string;
}

const PLAIN = "text/plain; charset=utf-8";

/**
 * Starts an HTTP server that answers each path of `pages` with its text, and all others with 404.
 *
 * Rejects when the address is taken, or is not this machine's.
 */
export async function startTextServer(
  pages: ReadonlyMap<string, TextPage>,
  address: HttpAddress,
): Promise<Running & { readonly port: number }> {
  return await startHttpServer((request, response) => {
    const page = pages.get(request.url?.split("?")[0] ?? "");
    response.writeHead(page === undefined ? 404 : 200, {
      "content-type": page?.type ?? PLAIN,
      "x-content-type-options": "nosniff",
    });
    response.end(page === undefined ? "404 page not found\n" : page.text());
  }, address);
}
