import { bodyEscapes } from "./bodies.testing.ts";
import { certificateEscapes } from "./certificates.testing.ts";
import { confinementEscapes } from "./confinement.testing.ts";
import { createEscapes } from "./creates.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { framingEscapes } from "./framing.testing.ts";
import { impersonationEscapes } from "./impersonation.testing.ts";
import { kubeletEscapes } from "./kubelet.testing.ts";
import { mountableSecretEscapes } from "./mountable-secrets.testing.ts";
import { nodeProgramEscapes } from "./node-programs.testing.ts";
import { nodeEscapes } from "./nodes.testing.ts";
import { patchEscapes } from "./patches.testing.ts";
import { pathEscapes } from "./paths.testing.ts";
import { podVolumeEscapes } from "./pod-volumes.testing.ts";
import { podEscapes } from "./pods.testing.ts";
import { proxyEscapes } from "./proxies.testing.ts";
import { rbacEscapes } from "./rbac.testing.ts";
import { serviceEscapes } from "./services.testing.ts";
import { tokenEscapes } from "./tokens.testing.ts";
import { verbEscapes } from "./verbs.testing.ts";

/** Every attempt, area by area. */
export const escapes: readonly Escape[] = [
  ...certificateEscapes,
  ...tokenEscapes,
  ...impersonationEscapes,
  ...pathEscapes,
  ...verbEscapes,
  ...createEscapes,
  ...rbacEscapes,
  ...nodeEscapes,
  ...nodeProgramEscapes,
  ...patchEscapes,
  ...bodyEscapes,
  ...framingEscapes,
  ...proxyEscapes,
  ...podEscapes,
  ...podVolumeEscapes,
  ...confinementEscapes,
  ...mountableSecretEscapes,
  ...serviceEscapes,
  ...kubeletEscapes,
];
