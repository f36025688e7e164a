/** Where the machines of a cluster get images from, other than from the registries that the images name. */
export interface Registries {
  readonly mirrors: readonly RegistryMirror[];
  readonly hosts: readonly RegistryHost[];
}

/** Hosts that are asked in place of a registry. */
export interface RegistryMirror {
  /** As image names have it: `docker.io`, `registry.example:5000`; or `*`: each that has no mirrors of its own. */
  readonly registry: string;
  /** Base URLs, in the order in which they are asked. */
  readonly endpoints: readonly string[];
  /** Whether the original registry is left out when no endpoint has the image. */
  readonly only: boolean;
}

/** How to talk to one registry or mirror. */
export interface RegistryHost {
  /** Host and port, as it was written: {@link isHostOf} says which URLs it is for. */
  readonly host: string;
  readonly auth?: RegistryAuth;
  readonly tls?: RegistryTls;
}

/** The client's credentials. */
export type RegistryAuth =
  | { readonly username: string; readonly password: string }
  /** Base64 of `username:password`. */
  | { readonly auth: string }
  | { readonly identityToken: string };

/** Certificates and keys are PEM texts. */
export interface RegistryTls {
  /** Authorities that may have signed the registry's certificate, besides those that the machine trusts. */
  readonly ca?: string;
  /** The client's certificate and its key. */
  readonly client?: { readonly certificate: string; readonly key: string };
  /** Whether the registry's certificate is not verified. */
  readonly skipVerify: boolean;
}

/** The mirrors of one registry in `more` take the place of those in `some`; so do hosts. */
export function mergeRegistries(some: Registries, more: Registries): Registries {
  return {
    mirrors: [...some.mirrors.filter((m) => !more.mirrors.some((n) => n.registry === m.registry)), ...more.mirrors],
    hosts: [...some.hosts.filter((h) => !more.hosts.some((n) => n.host === h.host)), ...more.hosts],
  };
}

/** The same without passwords and keys, to be shown. */
export function withoutSecrets({ mirrors, hosts }: Registries): Registries {
  return {
    mirrors,
    hosts: hosts.map(({ host, tls }) => {
      if (tls === undefined) return { host };
      const { client: _, ...shown } = tls;
      return { host, tls: shown };
    }),
  };
}

const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Why a text cannot name a registry; undefined when it can. */
export function registryProblem(registry: string): string | undefined {
  if (registry === "*" || (HOST.test(registry) && URL.canParse(`https://${registry}`))) return undefined;
  return 'must be a host such as docker.io or registry.example:5000, without "https://" and path, or "*" for all others';
}

/** Why a text cannot be an endpoint; undefined when it can. */
export function endpointProblem(endpoint: string): string | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    return "must be a URL such as http://172.30.0.2:5000 or https://mirror.example";
  if (url.username !== "" || url.password !== "")
    return "must be without name and password: put them under configs in the file of --registry-config";
  if (url.search !== "" || url.hash !== "") return 'must end before "?" and "#"';
  return undefined;
}

/** Whether settings for `host` are for this URL: case does not count, and the scheme's own port may be left out. */
export function isHostOf(host: string, url: string): boolean {
  const { protocol, host: asked } = new URL(url);
  return new URL(`${protocol}//${host}`).host === asked;
}

/**
 * The URL as in containerd's configuration, and so the host for which it looks for credentials: in lower case, without the
 * scheme's own port.
 */
export function normalEndpoint(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname === "/" ? "" : pathname}`;
}

/** Settings that are for no endpoint. */
export interface StrayHost {
  readonly host: string;
  /** The endpoints that were perhaps meant: they differ by their ports. */
  readonly near: readonly string[];
  /** Whether an image may name the registry: else nothing comes of the settings. */
  readonly isRegistry: boolean;
}

/** The settings that no endpoint of these mirrors is asked with. */
export function strayHosts({ mirrors, hosts }: StrayHostInput): StrayHost[] {
  const endpoints = [...new Set(mirrors.flatMap((mirror) => mirror.endpoints))];
  return hosts
    .filter(({ host }) => !endpoints.some((endpoint) => isHostOf(host, endpoint)))
    .map(({ host }) => {
      const { hostname } = new URL(`https://${host}`);
      const near = endpoints.filter((endpoint) => new URL(endpoint).hostname === hostname);
      return { host, near, isRegistry: IMAGE_REGISTRY.test(host) };
    });
}

interface StrayHostInput {
  readonly mirrors: readonly RegistryMirror[];
  readonly hosts: readonly Pick<RegistryHost, "host">[];
}

/** Without any of it, the first part of an image's name is a folder of Docker Hub: https://github.com/distribution/reference */
const IMAGE_REGISTRY = /[.:A-Z]|^localhost$/;

/** Whether an endpoint is the machine itself, and not the computer that `up` runs on. */
export function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
