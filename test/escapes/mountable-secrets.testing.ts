import type { Escape } from "./escape.testing.ts";
import { pod, refused } from "./pods.testing.ts";

const MOUNTABLE = "CVE-2024-3177: enforce-mountable-secrets";
const SECRET = { name: "secret-1" };
const guarded = (spec: object, container: object = {}) => pod({ serviceAccountName: "guarded", ...spec }, container);

/** A pod whose account says which Secrets its pods may use. */
function unmountable(name: string, body: object, says: string): Escape {
  return {
    ...refused(name, MOUNTABLE, body, says),
    want: { code: 403, says: `Forbidden: pods "escape" is forbidden: ${says}` },
  };
}

/** Pods that take Secrets which their account does not list. */
export const mountableSecretEscapes: readonly Escape[] = [
  unmountable(
    "a Secret that the account may not use, in a volume",
    guarded({ volumes: [{ name: "v", secret: { secretName: "secret-1" } }] }),
    'volume with secret.secretName="secret-1" is not allowed because service account guarded does not reference that secret',
  ),
  unmountable(
    "a Secret that the account may not use, in a variable",
    guarded({}, { env: [{ name: "A", valueFrom: { secretKeyRef: { ...SECRET, key: "key" } } }] }),
    'container c with envVar A referencing secret.secretName="secret-1" is not allowed because service account guarded does not reference that secret',
  ),
  unmountable(
    "a Secret that the account may not use, as all variables",
    guarded({}, { envFrom: [{ secretRef: SECRET }] }),
    'container c with envFrom referencing secret.secretName="secret-1" is not allowed because service account guarded does not reference that secret',
  ),
  unmountable(
    "a Secret that the account may not use, as all variables of an init container",
    guarded({ initContainers: [{ name: "i", image: "i", envFrom: [{ secretRef: SECRET }] }] }),
    'init container i with envFrom referencing secret.secretName="secret-1" is not allowed because service account guarded does not reference that secret',
  ),
  unmountable(
    "a Secret that the account may not use, to pull images with",
    guarded({ imagePullSecrets: [SECRET] }),
    'imagePullSecrets[0].name="secret-1" is not allowed because service account guarded does not reference that imagePullSecret',
  ),
];
