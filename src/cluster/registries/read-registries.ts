import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem } from "@fairlead/lib/file-problem";
import { mirrorsOfFlags } from "./mirror-flags.ts";
import { parseRegistries, RegistriesFileError, type RegistryTlsFiles } from "./parse-registries.ts";
import type { Registries, RegistryMirror, RegistryTls, StrayHost } from "./registries.ts";
import { mergeRegistries, strayHosts } from "./registries.ts";

/**
 * What `--registry-config FILE` and `--registry-mirror` say together, with the certificates that the file names. A
 * registry of a flag takes the place of the same in the file.
 *
 * @returns undefined when neither is given.
 * @throws {ExpectedError} saying what to write instead.
 */
export async function readRegistries(
  file: string | undefined,
  flags: readonly string[],
): Promise<Registries | undefined> {
  if (file === undefined && flags.length === 0) return undefined;
  const fromFlags = { mirrors: mirrorsOfFlags(flags), hosts: [] };
  return file === undefined ? fromFlags : mergeRegistries(await readRegistriesFile(file, fromFlags.mirrors), fromFlags);
}

/** @param more - Mirrors that are not in the file: its settings may be for them. */
async function readRegistriesFile(file: string, more: readonly RegistryMirror[]): Promise<Registries> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(`Cannot read the registries file "${file}": ${fileProblem(error)}`, { cause: error });
  });
  try {
    const { mirrors, hosts } = parseRegistries(text);
    refuseIdle(strayHosts({ mirrors: [...mirrors, ...more], hosts }));
    return {
      mirrors,
      hosts: await Promise.all(
        hosts.map(async ({ tls, ...host }) => ({
          ...host,
          ...(tls && { tls: await readTls(tls, path.dirname(file)) }),
        })),
      ),
    };
  } catch (error) {
    if (!(error instanceof RegistriesFileError)) throw error;
    throw new ExpectedError(`Cannot use the registries file "${file}": ${error.message}`, { cause: error });
  }
}

function refuseIdle(strays: readonly StrayHost[]): void {
  const idle = strays.find(({ isRegistry }) => !isRegistry);
  if (idle === undefined) return;
  const where = `configs.${idle.host}`;
  const hint = idle.near.length === 0 ? "" : `; ${idle.near.join(", ")} has another port`;
  throw new RegistriesFileError(
    `${where}: must be host and port of an endpoint, or a registry as images name it, with a dot or a port${hint}`,
  );
}

/** Names of files are relative to the registries file. */
async function readTls(files: RegistryTlsFiles, folder: string): Promise<RegistryTls> {
  const [ca, certificate, key] = await Promise.all([
    readPem(files.caFile, folder, (text) => new X509Certificate(text)),
    readPem(files.certFile, folder, (text) => new X509Certificate(text)),
    readPem(files.keyFile, folder, createPrivateKey),
  ]);
  if (certificate !== undefined && key !== undefined && !isPair(certificate, key)) {
    throw new RegistriesFileError(`The key "${files.keyFile}" is not that of the certificate "${files.certFile}"`);
  }
  return {
    skipVerify: files.skipVerify,
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && key !== undefined && { client: { certificate, key } }),
  };
}

function isPair(certificate: string, key: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
}

/** @param check - Throws when the text is not what is wanted. */
async function readPem(
  name: string | undefined,
  folder: string,
  check: (text: string) => unknown,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const file = path.resolve(folder, name);
  const cannotRead = (why: string, cause: unknown) =>
    new RegistriesFileError(`Cannot read "${file}": ${why}`, { cause });
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(fileProblem(error), error);
  });
  try {
    check(text);
  } catch (error) {
    throw cannotRead("it must be PEM, and without a passphrase", error);
  }
  return text;
}
