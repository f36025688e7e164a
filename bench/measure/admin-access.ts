import { readFile } from "node:fs/promises";
import { pkiFiles } from "../../src/cluster/pki/pki-files.ts";
import type { Access } from "./connection.ts";

/** Returns the identity of a cluster's administrator out of the folder with its certificates. */
export async function adminAccess(pkiFolder: string, server: string): Promise<Access> {
  const { ca, admin } = pkiFiles(pkiFolder);
  const [authority = "", cert = "", key = ""] = await Promise.all(
    [`${ca}.crt`, `${admin}.crt`, `${admin}.key`].map((file) => readFile(file, "utf8")),
  );
  return { server, ca: authority, cert, key };
}
