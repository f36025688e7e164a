import type { Secret } from "../../api/core/v1/secret.ts";
import type { RegistryAuth } from "../runtime/pod-runtime.ts";

interface Entry {
  readonly username?: unknown;
  readonly password?: unknown;
  /** Base64 of `username:password`. */
  readonly auth?: unknown;
}

/**
 * The credentials for an image out of a pod's pull secrets: those for the longest matching registry and path first.
 * Secrets of other types, and broken ones, count as absent.
 *
 * @param image - In full: `registry.example/team/app:1`.
 */
export function credentialsFor(image: string, secrets: readonly Secret[]): readonly RegistryAuth[] {
  return secrets
    .flatMap((secret) => Object.entries(entriesOf(secret)))
    .map(([registry, entry]) => ({ registry: withoutScheme(registry), auth: authOf(entry) }))
    .filter(({ registry }) => covers(registry, image))
    .toSorted((a, b) => b.registry.length - a.registry.length)
    .flatMap(({ auth }) => auth ?? []);
}

function entriesOf({ type, data }: Secret): Readonly<Record<string, Entry>> {
  try {
    if (type === "kubernetes.io/dockerconfigjson") {
      const parsed: { auths?: Record<string, Entry> } = JSON.parse(atob(data?.[".dockerconfigjson"] ?? ""));
      return parsed.auths ?? {};
    }
    if (type === "kubernetes.io/dockercfg") return JSON.parse(atob(data?.[".dockercfg"] ?? ""));
  } catch {
    // Not JSON or not base64: as if it were not there. The pull then says what is missing.
  }
  return {};
}

function authOf({ username, password, auth }: Entry): RegistryAuth | undefined {
  if (typeof username === "string" && typeof password === "string") return { username, password };
  if (typeof auth !== "string") return undefined;
  const decoded = atob(auth);
  const colon = decoded.indexOf(":");
  return colon === -1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function withoutScheme(registry: string): string {
  const host = registry.replace(/^https?:\/\//, "").replace(/\/(v1|v2)?\/?$/, "");
  return host === "index.docker.io" ? "docker.io" : host;
}

/** `*` stands for any part of a host name: `*.example.com`. */
function covers(registry: string, image: string): boolean {
  const pattern = registry.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^./]*");
  return new RegExp(`^${pattern}(?:[/:@]|$)`).test(image);
}
