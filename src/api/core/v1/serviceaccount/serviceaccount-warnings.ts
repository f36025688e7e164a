import { ANNOTATION } from "../../../well-known.ts";
import type { ServiceAccount } from "./serviceaccount-schema.ts";

const MOUNTABLE_SECRETS = ANNOTATION.enforceMountableSecrets;

/** Warns of an annotation that upstream has deprecated, when a write sets it. */
export function serviceAccountWarnings(
  account: ServiceAccount,
  previous: ServiceAccount | undefined,
): readonly string[] {
  const isSet = (object: ServiceAccount | undefined) =>
    object !== undefined && Object.hasOwn(object.metadata.annotations ?? {}, MOUNTABLE_SECRETS);
  if (!isSet(account) || isSet(previous)) return [];
  const text = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
  return [`metadata.annotations[${MOUNTABLE_SECRETS}]: ${text}`];
}
