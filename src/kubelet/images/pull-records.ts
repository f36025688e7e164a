import type { PullSecret } from "./pull-secrets.ts";

/**
 * By whom an image on this node was pulled: a pod that cannot show as much has to ask the registry, though the image is
 * here.
 *
 * Source: KEP-2535, on by default since 1.35, with its policy `NeverVerifyPreloadedImages`.
 */
export interface PullRecord {
  /** The image's id. */
  readonly imageRef: string;
  /** By repository: what may be pulled from one may be refused at another. */
  readonly credentialMapping: Readonly<Record<string, ImageAccess>>;
}

/** Who may use an image. */
export type ImageAccess =
  | { readonly nodePodsAccessible: true }
  | { readonly nodePodsAccessible?: false; readonly kubernetesSecrets: readonly PullSecret[] };

/** How many secrets are noted for one image of one repository without having been used to pull it. */
const LEARNED_MAX = 100;

/**
 * Whether a pod with these secrets may use an image that is here.
 *
 * @param secrets - For the image's repository.
 * @returns `learned`: the secret that authorized the pull, if the record lacks it or has another version of it.
 */
export function mayUse(
  record: PullRecord,
  repository: string,
  secrets: readonly PullSecret[],
): { readonly allowed: boolean; readonly learned?: PullSecret } {
  const access = record.credentialMapping[repository];
  if (access === undefined) return { allowed: false };
  if (access.nodePodsAccessible) return { allowed: true };
  for (const secret of secrets) {
    for (const known of access.kubernetesSecrets) {
      const sameSecret = isSame(known, secret);
      const sameCredential = known.credentialHash === secret.credentialHash;
      if (!sameSecret && !sameCredential) continue;
      // A Secret that is known lets in also when its password has changed: the registry took the one before.
      const learned = sameSecret && sameCredential ? undefined : secret;
      const room = access.kubernetesSecrets.length < LEARNED_MAX;
      return { allowed: true, ...(learned && room && { learned }) };
    }
  }
  return { allowed: false };
}

/** The record after a pull with a secret, or without any. The same value when nothing is new. */
export function withAccess(record: PullRecord, repository: string, secret: PullSecret | undefined): PullRecord {
  const access = record.credentialMapping[repository];
  if (access?.nodePodsAccessible) return record;
  if (secret === undefined) return replaced(record, repository, { nodePodsAccessible: true });
  const known = access?.kubernetesSecrets ?? [];
  if (known.some((k) => isSame(k, secret) && k.credentialHash === secret.credentialHash)) return record;
  const kubernetesSecrets = [...known.filter((k) => !isSame(k, secret)), secret];
  return replaced(record, repository, { kubernetesSecrets });
}

function replaced(record: PullRecord, repository: string, access: ImageAccess): PullRecord {
  return { ...record, credentialMapping: { ...record.credentialMapping, [repository]: access } };
}

function isSame(a: PullSecret, b: PullSecret): boolean {
  return a.uid === b.uid && a.namespace === b.namespace && a.name === b.name;
}
