import type { Registries, RegistryAuth, RegistryHost, RegistryMirror, RegistryTls } from "./registries.ts";

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
 * The `hosts.toml` files, and the certificates that they name, which tell containerd where to pull from. Credentials are
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
  // A file of its own hides the file for all others.
  const alone = hosts
    .filter(({ host, tls }) => tls !== undefined && !named.has(host))
    .map(({ host }): RegistryMirror => ({ endpoints: [], only: false, ...wildcard, registry: host }));
  const tlsOf = new Map(hosts.map(({ host, tls }) => [host, tls]));
  return [
    ...[...mirrors, ...alone].map((mirror) => ({
      path: `${folderOf(mirror.registry)}/hosts.toml`,
      text: hostsToml(mirror, tlsOf),
    })),
    ...hosts.flatMap(({ host, tls }) => (tls === undefined ? [] : certificateFiles(host, tls))),
  ];
}

type TlsByHost = ReadonlyMap<string, RegistryTls | undefined>;

function hostsToml({ registry, endpoints, only }: RegistryMirror, tlsOf: TlsByHost): string {
  // TOML takes no table twice.
  const asked = [...new Set(endpoints)];
  const [first, last] = only ? [asked.slice(0, -1), asked.at(-1)] : [asked, serverOf(registry)];
  const lines = [
    "# Written by fairlead: changes are lost when the cluster starts.",
    ...(last === undefined ? [] : [`server = ${toml(last)}`, ...settings(last, tlsOf, registry)]),
    "[host]",
    ...first.flatMap((endpoint) => [
      `[host.${toml(endpoint)}]`,
      '  capabilities = ["pull", "resolve"]',
      ...settings(endpoint, tlsOf).map((line) => `  ${line}`),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The registry itself. Undefined for `*`, where each image names another. */
function serverOf(registry: string): string | undefined {
  if (registry === "*") return undefined;
  return `https://${registry === DOCKER ? DOCKER_HUB : registry}`;
}

/** @param registry - Under whose name its settings may be too: Docker Hub has two. */
function settings(endpoint: string, tlsOf: TlsByHost, registry?: string): string[] {
  const { host, pathname } = new URL(endpoint);
  const named = [host, ...(registry === DOCKER && host === DOCKER_HUB ? [DOCKER] : [])];
  const at = named.find((name) => tlsOf.get(name) !== undefined);
  const tls = at === undefined ? undefined : tlsOf.get(at);
  // Relative to the folder of the file that names them.
  const file = (name: string) => toml(`../${at}/${name}`);
  return [
    ...(tls?.ca === undefined ? [] : [`ca = ${file("ca.crt")}`]),
    ...(tls?.client === undefined ? [] : [`client = [[${file("client.crt")}, ${file("client.key")}]]`]),
    ...(tls?.skipVerify === true ? ["skip_verify = true"] : []),
    // What is after the host is taken as it is: some mirrors have one path for each registry.
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
 * The part of containerd's own configuration that says who asks: the only place where it can be said so that both basic
 * authentication and tokens work.
 */
export function registryAuthToml({ hosts }: Registries): string {
  const known = new Set(hosts.flatMap(({ host, auth }) => (auth === undefined ? [] : [host])));
  return hosts
    .flatMap(({ host, auth }) => {
      if (auth === undefined) return [];
      // What is said of the other name itself counts there.
      return authNames(host).flatMap((name) => (name !== host && known.has(name) ? [] : [authTable(name, auth)]));
    })
    .join("\n");
}

/** Containerd looks under the host that it talks to. */
function authNames(host: RegistryHost["host"]): string[] {
  return host === DOCKER ? [DOCKER, DOCKER_HUB] : [host];
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
