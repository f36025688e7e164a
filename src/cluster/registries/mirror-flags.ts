import { ExpectedError } from "@fairlead/lib/expected-error";
import type { RegistryMirror } from "./registries.ts";
import { endpointProblem, registryProblem } from "./registries.ts";

/**
 * The mirrors of `--registry-mirror REGISTRY=URL[,only]`, given several times. A registry that is named again gets one
 * more endpoint; `only` counts for all of them.
 *
 * @throws {ExpectedError} saying how the flag is written.
 */
export function mirrorsOfFlags(flags: readonly string[]): RegistryMirror[] {
  const mirrors = new Map<string, RegistryMirror>();
  for (const flag of flags) {
    const { registry, endpoint, only } = parseFlag(flag);
    const known = mirrors.get(registry);
    mirrors.set(registry, {
      registry,
      endpoints: [...(known?.endpoints ?? []), endpoint],
      only: only || known?.only === true,
    });
  }
  return [...mirrors.values()];
}

function parseFlag(flag: string): { registry: string; endpoint: string; only: boolean } {
  const [, registry = "", endpoint = "", option] = /^([^=]*)=([^,]*)(?:,(.*))?$/.exec(flag) ?? [];
  const refuse = (why: string) => new ExpectedError(`Cannot use --registry-mirror "${flag}": ${why}`);
  if (registry === "" || endpoint === "")
    throw refuse("must be REGISTRY=URL, for example docker.io=http://172.30.0.2:5000");
  const wrongRegistry = registryProblem(registry);
  if (wrongRegistry !== undefined) throw refuse(`"${registry}" ${wrongRegistry}`);
  const wrongEndpoint = endpointProblem(endpoint);
  if (wrongEndpoint !== undefined) throw refuse(`"${endpoint}" ${wrongEndpoint}`);
  if (option !== undefined && option !== "only")
    throw refuse(`"${option}" must be "only", which keeps the registry itself from being asked`);
  return { registry, endpoint, only: option === "only" };
}
