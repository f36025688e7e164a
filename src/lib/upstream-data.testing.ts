import { existsSync } from "node:fs";
import path from "node:path";

/** Data of upstream's that tests compare with. It lies beside the checkout, never in it. */
const FOLDERS = {
  /** Published OpenAPI v3 documents. */
  OPENAPI: "openapi/1.35",
  /** Round-trip objects as JSON and protobuf. */
  WIRE: "wire/1.35",
  /** Manifests that people apply. */
  CORPUS: "corpus",
} as const;

export interface UpstreamData {
  readonly folder: string;
  /** For the option `skip` of a test: why there is nothing to compare with. */
  readonly skip: string | false;
}

/**
 * Finds the folder that `FAIRLEAD_TEST_OPENAPI`, `FAIRLEAD_TEST_WIRE` or `FAIRLEAD_TEST_CORPUS` names. Default: below
 * `../shared`, seen from the checkout.
 *
 * @throws {Error} when the environment names a folder that does not exist.
 */
export function upstreamData(name: keyof typeof FOLDERS): UpstreamData {
  const demanded = process.env[`FAIRLEAD_TEST_${name}`];
  const folder = path.resolve(demanded ?? path.join(import.meta.dirname, "../../../shared", FOLDERS[name]));
  const isThere = existsSync(folder);
  if (demanded !== undefined && !isThere) throw new Error(`FAIRLEAD_TEST_${name} names no folder: "${folder}"`);
  return { folder, skip: !isThere && `not compared with upstream: no folder "${folder}"` };
}
