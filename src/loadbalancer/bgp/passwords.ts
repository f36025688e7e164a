import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { isForbidden, isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import type { Password } from "./read-peer.ts";

const TYPE = "kubernetes.io/basic-auth";
/** How long what was read counts, in milliseconds. */
const FRESH_MS = 30_000;

/** Passwords that Secrets in the namespace `metallb-system` have. */
export interface Passwords {
  /** Reads those that are not known, or were read a while ago; forgets all others. */
  read(secrets: readonly string[], signal: AbortSignal): Promise<void>;
  of(secret: string): Password;
}

export function createPasswords(client: Client, clock: Clock): Passwords {
  const known = new Map<string, { readonly password: Password; readonly readMs: number }>();
  return {
    async read(secrets, signal) {
      for (const name of known.keys()) if (!secrets.includes(name)) known.delete(name);
      const now = clock.monotonicMs();
      const due = secrets.filter((name) => now - (known.get(name)?.readMs ?? Number.NEGATIVE_INFINITY) >= FRESH_MS);
      for (const name of new Set(due)) known.set(name, { password: await readOne(client, name, signal), readMs: now });
    },
    of: (secret) => known.get(secret)?.password ?? { problem: `the Secret "${secret}" was not read yet` },
  };
}

async function readOne(client: Client, name: string, signal: AbortSignal): Promise<Password> {
  const which = `"${METALLB_NAMESPACE}"/"${name}"`;
  try {
    const { type, data } = await client.get(secretKind, { namespace: METALLB_NAMESPACE, name }, { signal });
    if (type !== TYPE) return { problem: `secret type mismatch on ${which}, type "${TYPE}" is expected` };
    const encoded = data?.password;
    if (encoded === undefined) return { problem: `password not specified in the secret ${which}` };
    return { password: Buffer.from(encoded, "base64").toString() };
  } catch (error) {
    if (isNotFound(error)) return { problem: `secret ref not found: ${which}` };
    if (isForbidden(error)) return { problem: `this node may not read the Secret ${which}` };
    throw error;
  }
}
