import type { Registries, RegistryAuth, RegistryHost, RegistryMirror, RegistryTls } from "./registries.ts";
import { isHostOf, normalEndpoint } from "./registries.ts";

/** One file of containerd's `config_path` folder. */
export interface HostsFile {
  /** Below the folder: `docker.io/hosts.toml`. */
  readonly path: string;
  readonly text: string;
}

/** Where Docker Hub answers: images say `docker.io`. */
const DOCKER_HUB = "registry-1.docker.io";
const DOCKER = "docker.io";

/**
 * The `hosts.toml` files, and the certificates that they name, by which containerd knows where to pull from. Credentials are
 * not in them: that is not in their format.
 *
 * The last to be asked is always written as the `server`, because containerd asks the registry itself where that is left
 * out. An empty `[host]` is needed too: containerd 1.6 takes a file without one for broken, and asks the registry.
 *
 * Source: https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsFiles({ mirrors, hosts }: Registries): HostsFile[] {
  const wildcard = mirrors.find((mirror) => mirror.registry === "*");
  const named = new Set(mirrors.map((mirror) => mirror.registry));
  const secured = hosts.flatMap(({ host, tls }) => (tls === undefined ? [] : [{ host, tls }]));
  // A file of its own hides the file for all others.
  const alone = [...new Set(secured.flatMap(({ host }) => [host, httpsHost(host)]))]
    .filter((registry) => !named.has(registry))
    .map((registry): RegistryMirror => ({ endpoints: [], only: false, ...wildcard, registry }));
  return [
    ...[...mirrors, ...alone].map((mirror) => ({
      path: `${folderOf(mirror.registry)}/hosts.toml`,
      text: hostsToml(mirror, secured),
    })),
    ...secured.flatMap(({ host, tls }) => certificateFiles(host, tls)),
  ];
}

type SecuredHost = Pick<RegistryHost, "host"> & { readonly tls: RegistryTls };

function hostsToml({ registry, endpoints, only }: RegistryMirror, secured: readonly SecuredHost[]): string {
  // TOML takes no table twice.
  const asked = [...new Set(endpoints.map(normalEndpoint))];
  const [first, last] = only ? [asked.slice(0, -1), asked.at(-1)] : [asked, serverOf(registry)];
  const lines = [
    "# Written by fairlead: changes are lost when the cluster starts.",
    ...(last === undefined ? [] : [`server = ${toml(last)}`, ...settings(last, secured, registry)]),
    "[host]",
    ...first.flatMap((endpoint) => [
      `[host.${toml(endpoint)}]`,
      '  capabilities = ["pull", "resolve"]',
      ...settings(endpoint, secured).map((line) => `  ${line}`),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The registry itself. Undefined for `*`, where each image names another. */
function serverOf(registry: string): string | undefined {
  if (registry === "*") return undefined;
  return normalEndpoint(`https://${registry === DOCKER ? DOCKER_HUB : registry}`);
}

/** @param registry - Under whose name its settings may be too: Docker Hub has two. */
function settings(endpoint: string, secured: readonly SecuredHost[], registry?: string): string[] {
  const { host: asked, pathname } = new URL(endpoint);
  const { host, tls } =
    secured.find((s) => s.host === asked) ??
    secured.find((s) => isHostOf(s.host, endpoint)) ??
    secured.find((s) => s.host === DOCKER && registry === DOCKER && asked === DOCKER_HUB) ??
    {};
  // Relative to the folder of the file that names them.
  const file = (name: string) => toml(`../${host}/${name}`);
  return [
    ...(tls?.ca === undefined ? [] : [`ca = ${file("ca.crt")}`]),
    ...(tls?.client === undefined ? [] : [`client = [[${file("client.crt")}, ${file("client.key")}]]`]),
    ...(tls?.skipVerify === true ? ["skip_verify = true"] : []),
    // The path after the host is kept: some mirrors have one path for each registry.
    ...(/^\/(v2\/?)?$/.test(pathname) ? [] : ["override_path = true"]),
  ];
}

function certificateFiles(host: string, { ca, client }: RegistryTls): HostsFile[] {
  return [
    ...(ca === undefined ? [] : [{ path: `${host}/ca.crt`, text: ca }]),
    ...(client === undefined
      ? []
      : [
          { path: `${host}/client.crt`, text: client.certificate },
          { path: `${host}/client.key`, text: client.key },
        ]),
  ];
}

/** `*` is `_default`: containerd looks there for what has no folder of its own. */
function folderOf(registry: string): string {
  return registry === "*" ? "_default" : registry;
}

/**
 * The part of containerd's own configuration that has the credentials: only there do both basic authentication and tokens
 * work.
 */
export function registryAuthToml({ mirrors, hosts }: Registries): string {
  const endpoints = mirrors.flatMap((mirror) => mirror.endpoints);
  const known = hosts.flatMap(({ host, auth }) => (auth === undefined ? [] : [{ host, auth }]));
  const tables = new Map(known.map(({ host, auth }) => [host, auth]));
  for (const { host, auth } of known) {
    // Settings of the other name itself count there.
    for (const name of otherNames(host, endpoints)) if (!tables.has(name)) tables.set(name, auth);
  }
  return [...tables].map(([host, auth]) => authTable(host, auth)).join("\n");
}

/** Containerd looks under the host that it talks to, letter by letter. */
function otherNames(host: string, endpoints: readonly string[]): string[] {
  const asked = endpoints.filter((endpoint) => isHostOf(host, endpoint)).map((endpoint) => new URL(endpoint).host);
  return [...(host === DOCKER ? [DOCKER_HUB] : []), ...asked, httpsHost(host)];
}

/** Returns the host of an https URL: without the default port. */
function httpsHost(host: string): string {
  return new URL(`https://${host}`).host;
}

function authTable(host: string, auth: RegistryAuth): string {
  const fields =
    "username" in auth
      ? { username: auth.username, password: auth.password }
      : "auth" in auth
        ? { auth: auth.auth }
        : { identitytoken: auth.identityToken };
  return [
    `  [plugins."io.containerd.grpc.v1.cri".registry.configs.${toml(host)}.auth]`,
    ...Object.entries(fields).map(([name, value]) => `    ${name} = ${toml(value)}`),
    "",
  ].join("\n");
}

/** A TOML basic string is a JSON string. */
function toml(text: string): string {
  return JSON.stringify(text);
}
