import type { ClientHttp2Session } from "node:http2";
import { type Access, ask, openConnection } from "./connection.ts";

/** As kubectl asks. */
const PAGE_OBJECTS = 500;

export interface PagesRequest {
  readonly access: Access;
  /** What is listed. */
  readonly path: string;
  /** How many objects there are at least. */
  readonly objects: number;
  /** Writes one of them. */
  write(session: ClientHttp2Session, number: number): Promise<void>;
  /** Processor seconds that the server has used so far. */
  serverSeconds(): Promise<number>;
}

export interface PageFigures {
  readonly pages: number;
  /** From the first page to the last, without the writes between them. */
  readonly seconds: number;
  /** Of the server. */
  readonly processorSeconds: number;
  readonly worstMs: number;
}

/** Lists all objects page by page, as of the revision of the first page, and writes one object after each. */
export async function measurePages({
  access,
  path,
  objects,
  write,
  serverSeconds,
}: PagesRequest): Promise<PageFigures> {
  await using connection = await openConnection(access);
  const { session } = connection;
  const before = await serverSeconds();
  const pagesMs: number[] = [];
  let token: string | undefined = "";
  while (token !== undefined) {
    const startedMs = performance.now();
    const text: string = await ask(session, { path: `${path}?limit=${PAGE_OBJECTS}&continue=${token}` });
    pagesMs.push(performance.now() - startedMs);
    const next: string | undefined = /^.{0,500}?"continue":"([^"]*)"/.exec(text)?.[1];
    token = next === undefined ? undefined : encodeURIComponent(next);
    await write(session, pagesMs.length);
  }
  const wanted = Math.ceil(objects / PAGE_OBJECTS);
  // A controller may have put an object of its own there.
  if (pagesMs.length < wanted) throw new Error(`Listed ${pagesMs.length} pages and not ${wanted}`);
  return {
    pages: pagesMs.length,
    seconds: pagesMs.reduce((sum, ms) => sum + ms, 0) / 1000,
    processorSeconds: (await serverSeconds()) - before,
    worstMs: Math.max(...pagesMs),
  };
}
