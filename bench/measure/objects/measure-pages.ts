import { type Access, ask, openConnection } from "./connection.ts";
import type { Placement } from "./placement.ts";
import { writePod } from "./write-pod.ts";

/** As kubectl asks. */
const PAGE_PODS = 500;

export interface PagesRequest {
  readonly access: Access;
  readonly placement: Placement;
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

/** Lists all pods page by page, as of the revision of the first page, and writes one pod after each. */
export async function measurePages({ access, placement, serverSeconds }: PagesRequest): Promise<PageFigures> {
  await using connection = await openConnection(access);
  const { session } = connection;
  const before = await serverSeconds();
  const pagesMs: number[] = [];
  let token: string | undefined = "";
  while (token !== undefined) {
    const startedMs = performance.now();
    const text: string = await ask(session, { path: `/api/v1/pods?limit=${PAGE_PODS}&continue=${token}` });
    pagesMs.push(performance.now() - startedMs);
    const next: string | undefined = /^.{0,500}?"continue":"([^"]*)"/.exec(text)?.[1];
    token = next === undefined ? undefined : encodeURIComponent(next);
    await writePod(session, placement, pagesMs.length);
  }
  const wanted = Math.ceil(placement.pods / PAGE_PODS);
  if (pagesMs.length !== wanted) throw new Error(`Listed ${pagesMs.length} pages and not ${wanted}`);
  return {
    pages: pagesMs.length,
    seconds: pagesMs.reduce((sum, ms) => sum + ms, 0) / 1000,
    processorSeconds: (await serverSeconds()) - before,
    worstMs: Math.max(...pagesMs),
  };
}
