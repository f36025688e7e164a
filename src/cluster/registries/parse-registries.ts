import { yamlProblem } from "@fairlead/lib/yaml-problem";
import type { Document } from "yaml";
import { parseDocument } from "yaml";
import type { RegistryAuth, RegistryMirror } from "./registries.ts";
import { endpointProblem, registryProblem } from "./registries.ts";

/** A registries file, parsed: certificates are names of files. */
export interface RegistriesFile {
  readonly mirrors: readonly RegistryMirror[];
  readonly hosts: readonly {
    readonly host: string;
    readonly auth?: RegistryAuth;
    readonly tls?: RegistryTlsFiles;
  }[];
}

export interface RegistryTlsFiles {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly skipVerify: boolean;
}

/** What is wrong in the text, and where: `mirrors.docker.io.endpoint[0]: …`. */
export class RegistriesFileError extends Error {
  override readonly name = "RegistriesFileError";
}

/**
 * Reads a file in the shape of K3s' `registries.yaml` (https://docs.k3s.io/installation/private-registry), with one
 * field more: `only` of a mirror. Fields that are not understood are refused by name.
 *
 * @throws {RegistriesFileError}
 */
export function parseRegistries(text: string): RegistriesFile {
  const document = parseDocument(text, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw new RegistriesFileError(yamlProblem(text, broken));
  const root = section(contentOf(document) ?? {}, "", ["mirrors", "configs"]);
  return {
    mirrors: Object.entries(section(root.mirrors ?? {}, "mirrors")).map(mirror),
    hosts: Object.entries(section(root.configs ?? {}, "configs")).map(host),
  };
}

function contentOf(document: Pick<Document, "toJS">): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias of nothing, or aliases that would grow to more than memory holds.
    throw new RegistriesFileError((error as Error).message, { cause: error });
  }
}

function mirror([registry, value]: [string, unknown]): RegistryMirror {
  const at = `mirrors.${registry}`;
  refuseIf(registryProblem(registry), at);
  const fields = section(value, at, ["endpoint", "only"]);
  const endpoints = Array.isArray(fields.endpoint) ? fields.endpoint : [fields.endpoint];
  if (fields.endpoint === undefined || endpoints.length === 0)
    throw wrong(`${at}.endpoint`, "must name at least one URL");
  return {
    registry,
    endpoints: endpoints.map((endpoint: unknown, i) => {
      const url = string(endpoint, `${at}.endpoint[${i}]`);
      refuseIf(endpointProblem(url), `${at}.endpoint[${i}]`);
      return url;
    }),
    only: boolean(fields.only, `${at}.only`),
  };
}

function host([name, value]: [string, unknown]): RegistriesFile["hosts"][number] {
  const at = `configs.${name}`;
  refuseIf(name === "*" ? 'must be one host: "*" stands only below mirrors' : registryProblem(name), at);
  const fields = section(value, at, ["auth", "tls"]);
  const auth = fields.auth === undefined ? undefined : authOf(fields.auth, `${at}.auth`);
  const tls = fields.tls === undefined ? undefined : tlsOf(fields.tls, `${at}.tls`);
  return { host: name, ...(auth && { auth }), ...(tls && { tls }) };
}

function authOf(value: unknown, at: string): RegistryAuth {
  const fields = section(value, at, ["username", "password", "auth", "identity_token"]);
  const text = (name: string) =>
    fields[name] === undefined ? undefined : string(fields[name], `${at}.${name}`, { empty: false });
  const [username, password, auth, identityToken] = ["username", "password", "auth", "identity_token"].map(text);
  if (username !== undefined && password !== undefined) return { username, password };
  if (auth !== undefined && isBase64Pair(auth)) return { auth };
  if (auth !== undefined) throw wrong(`${at}.auth`, 'must be the base64 of "username:password"');
  if (identityToken !== undefined) return { identityToken };
  throw wrong(at, "must have username and password, or auth, or identity_token");
}

function isBase64Pair(text: string): boolean {
  try {
    return atob(text).includes(":");
  } catch {
    return false;
  }
}

function tlsOf(value: unknown, at: string): RegistryTlsFiles {
  const fields = section(value, at, ["ca_file", "cert_file", "key_file", "insecure_skip_verify"]);
  const file = (name: string) =>
    fields[name] === undefined ? undefined : string(fields[name], `${at}.${name}`, { empty: false });
  const [caFile, certFile, keyFile] = ["ca_file", "cert_file", "key_file"].map(file);
  if ((certFile === undefined) !== (keyFile === undefined)) throw wrong(at, "must have both cert_file and key_file");
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    skipVerify: boolean(fields.insecure_skip_verify, `${at}.insecure_skip_verify`),
  };
}

/** @param known - Names of its fields. Default: any. */
function section(value: unknown, at: string, known?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(at, `must be a map${known === undefined ? "" : ` with ${known.join(", ")}`}`);
  const other = known && Object.keys(value).find((name) => !known.includes(name));
  if (other !== undefined) {
    throw wrong(
      at === "" ? other : `${at}.${other}`,
      `is not understood: leave it out; known are ${known?.join(", ")}`,
    );
  }
  // Checked above.
  return value as Readonly<Record<string, unknown>>;
}

function string(value: unknown, at: string, { empty = true } = {}): string {
  if (typeof value === "string" && (empty || value !== "")) return value;
  throw wrong(at, "must be a text; a number must be in quotes");
}

function boolean(value: unknown, at: string): boolean {
  if (value === undefined || typeof value === "boolean") return value === true;
  throw wrong(at, "must be true or false");
}

function refuseIf(problem: string | undefined, at: string): void {
  if (problem !== undefined) throw wrong(at, problem);
}

function wrong(at: string, why: string): RegistriesFileError {
  return new RegistriesFileError(at === "" ? why : `${at}: ${why}`);
}
