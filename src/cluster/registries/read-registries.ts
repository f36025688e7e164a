import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExpectedError } from "../../lib/expected-error.ts";
import { mirrorsOfFlags } from "./mirror-flags.ts";
import { parseRegistries, RegistriesFileError, type RegistryTlsFiles } from "./parse-registries.ts";
import { mergeRegistries, type Registries, type RegistryTls } from "./registries.ts";

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
  return file === undefined ? fromFlags : mergeRegistries(await readRegistriesFile(file), fromFlags);
}

async function readRegistriesFile(file: string): Promise<Registries> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new ExpectedError(`Cannot read the registries file "${file}": ${error.message}`, { cause: error });
  });
  try {
    const { mirrors, hosts } = parseRegistries(text);
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
    throw cannotRead(error.code === "ENOENT" ? "there is no such file" : error.message, error);
  });
  try {
    check(text);
  } catch (error) {
    throw cannotRead("it must be PEM, and without a passphrase", error);
  }
  return text;
}
