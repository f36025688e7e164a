import type { ApiResponse } from "@fairlead/client/transport/transport";
import { pageNotFoundResponse, textResponse } from "../http/response.ts";

/** One thing that must work. Answers `undefined` when it does, else what is wrong. */
export interface HealthCheck {
  readonly name: string;
  /** Whether its failure calls for a restart; a server that is stopping is alive, but not ready. */
  readonly liveness: boolean;
  check(): Promise<string | undefined> | string | undefined;
}

const ENDPOINTS: ReadonlySet<string> = new Set(["healthz", "livez", "readyz"]);

/** Whether a path is one of the health endpoints or a single check below one. */
export function isHealthPath(path: string): boolean {
  return ENDPOINTS.has(path.split("/")[1] ?? "");
}

/** Answers `/healthz`, `/livez`, `/readyz`, with `?verbose` and `?exclude=NAME`, and single checks: `/readyz/ping`. */
export async function health(
  path: string,
  query: URLSearchParams,
  checks: readonly HealthCheck[],
): Promise<ApiResponse> {
  const [, endpoint = "", only = "", ...rest] = path.split("/");
  const relevant = endpoint === "livez" ? checks.filter((check) => check.liveness) : checks;
  if (only !== "") {
    const single = relevant.find((check) => check.name === [only, ...rest].join("/"));
    return single === undefined
      ? pageNotFoundResponse()
      : answer(endpoint, await results([single]), query.has("verbose"));
  }
  const excluded = new Set(query.getAll("exclude"));
  return answer(endpoint, await results(relevant, excluded), query.has("verbose"));
}

interface Result {
  readonly name: string;
  readonly problem: string | undefined;
  readonly excluded: boolean;
}

async function results(checks: readonly HealthCheck[], excluded: ReadonlySet<string> = new Set()): Promise<Result[]> {
  return Promise.all(
    checks.map(async (check) => ({
      name: check.name,
      excluded: excluded.has(check.name),
      problem: excluded.has(check.name) ? undefined : await check.check(),
    })),
  );
}

function answer(endpoint: string, outcome: readonly Result[], verbose: boolean): ApiResponse {
  const failed = outcome.some(({ problem }) => problem !== undefined);
  if (!failed && !verbose) return textResponse(200, "ok");
  const lines = outcome.map(({ name, problem, excluded }) => {
    if (excluded) return `[+]${name} excluded: ok`;
    return problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`;
  });
  const verdict = `${endpoint} check ${failed ? "failed" : "passed"}`;
  return textResponse(failed ? 500 : 200, `${[...lines, verdict].join("\n")}\n`);
}
