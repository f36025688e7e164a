import { createHash } from "node:crypto";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { SECRET_TYPE } from "@fairlead/api/well-known";
import type { RegistryAuth } from "../runtime/pod-runtime.ts";
import { globMatches } from "./glob.ts";

/** One way to ask a registry, and the Secret that it is out of. */
export interface PullCredential {
  readonly auth: RegistryAuth;
  readonly secret: PullSecret;
}

/** Identifies the Secret whose credentials were accepted, without its content. */
export interface PullSecret {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Of name and password: the same in another Secret is as good. */
  readonly credentialHash: string;
}

interface Entry {
  readonly username?: unknown;
  readonly password?: unknown;
  /** Base64 of `username:password`. Goes before the two others. */
  readonly auth?: unknown;
}

/** Docker Hub's credentials are found under this name too. */
const DOCKER_HUB = "index.docker.io";

/**
 * The credentials for an image out of a pod's pull secrets, in the order in which they are tried: by their registries,
 * backwards, so that a longer path goes before a shorter one; for one registry in the order of the secrets. Secrets of
 * other types, and broken ones, count as absent.
 *
 * Source: https://kubernetes.io/docs/concepts/containers/images/#config-json
 *
 * @param repository - In full: `registry.example/team/app`.
 */
export function credentialsFor(repository: string, secrets: readonly Secret[]): readonly PullCredential[] {
  const entries = secrets.flatMap((secret) =>
    Object.entries(entriesOf(secret)).flatMap(([registry, entry]) => {
      const auth = authOf(entry);
      return auth === undefined ? [] : [{ registry: withoutScheme(registry), credential: credentialOf(secret, auth) }];
    }),
  );
  const covering = entries
    .filter(({ registry }) => covers(registry, repository))
    .toSorted((a, b) => (a.registry < b.registry ? 1 : a.registry > b.registry ? -1 : 0));
  const isDockerHub = repository.startsWith("docker.io/");
  const found = covering.length > 0 || !isDockerHub ? covering : entries.filter((e) => e.registry === DOCKER_HUB);
  return found.map(({ credential }) => credential);
}

function credentialOf({ metadata: { uid, namespace = "", name } }: Secret, auth: RegistryAuth): PullCredential {
  const credentialHash = createHash("sha256")
    .update(JSON.stringify([auth.username, auth.password]))
    .digest("hex");
  return { auth, secret: { uid, namespace, name, credentialHash } };
}

/** By registry. Values may be anything. */
function entriesOf({ type, data }: Secret): Readonly<Record<string, unknown>> {
  try {
    if (type === SECRET_TYPE.dockerConfigJson) {
      const { auths } = asMap(JSON.parse(decoded(data?.[".dockerconfigjson"] ?? "")));
      return asMap(auths);
    }
    if (type === SECRET_TYPE.dockerCfg) return asMap(JSON.parse(decoded(data?.[".dockercfg"] ?? "")));
  } catch {
    // Not JSON or not base64: as if it were not there. The pull then says what is missing.
  }
  return {};
}

/** What is no map has nothing in it. */
function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function authOf(entry: unknown): RegistryAuth | undefined {
  const { username, password, auth }: Entry = asMap(entry);
  if (typeof auth === "string" && auth !== "") {
    const text = decoded(auth);
    const colon = text.indexOf(":");
    return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return typeof username === "string" && typeof password === "string" ? { username, password } : undefined;
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

/** `https://index.docker.io/v1/` is the host alone; so is what ends in `/v2/`. */
function withoutScheme(registry: string): string {
  return registry
    .replace(/^https?:\/\//, "")
    .replace(/^([^/]+)\/v[12]\//, "$1/")
    .replace(/^([^/]+)\/$/, "$1");
}

/**
 * Whether credentials for a registry are for a repository: port and number of names in the host must be the same, each
 * name may have `*`, `?` and `[a-z]`, and the path is a beginning.
 */
function covers(registry: string, repository: string): boolean {
  const [pattern, target] = [registry, repository].map((text) => {
    const slash = text.indexOf("/");
    const [host = "", port = ""] = (slash === -1 ? text : text.slice(0, slash)).split(":");
    return { names: host.split("."), port, path: slash === -1 ? "" : text.slice(slash) };
  });
  if (pattern === undefined || target === undefined) return false;
  return (
    pattern.port === target.port &&
    pattern.names.length === target.names.length &&
    target.path.startsWith(pattern.path) &&
    pattern.names.every((name, i) => globMatches(name, target.names[i] ?? ""))
  );
}
