import type { FieldError } from "../../../../field-error.ts";
import { invalid } from "../../../../field-error.ts";
import { goQuote } from "../../../../go-quote.ts";
import type { PodSpec } from "../pod-schema.ts";
import { validateRelativePath } from "./validate-paths.ts";

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
/** Prefix of the annotations that named a container's AppArmor profile before the field `appArmorProfile`. */
const APPARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/";
const LOCALHOST = "localhost/";

/** Returns the errors in the annotations that named seccomp and AppArmor profiles before fields did. */
export function validateProfileAnnotations(
  annotations: Readonly<Record<string, string>>,
  spec: PodSpec,
  path: string,
): FieldError[] {
  return Object.entries(annotations).flatMap(([key, profile]) => {
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) return validateSeccomp(profile, `${path}.${key}`);
    if (!key.startsWith(APPARMOR_CONTAINER)) return [];
    return validateAppArmor(key.slice(APPARMOR_CONTAINER.length), profile, { spec, path: `${path}[${key}]` });
  });
}

function validateSeccomp(profile: string, path: string): FieldError[] {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
  if (profile.startsWith(LOCALHOST)) return validateRelativePath(profile.slice(LOCALHOST.length), path);
  return [invalid(path, profile, "must be a valid seccomp profile")];
}

function validateAppArmor(
  containerName: string,
  profile: string,
  { spec, path }: { readonly spec: PodSpec; readonly path: string },
): FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const isThere = [...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === containerName);
  const isProfile = ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith(LOCALHOST);
  return [
    ...(isThere ? [] : [invalid(path, containerName, "container not found")]),
    ...(isProfile ? [] : [invalid(path, profile, `invalid AppArmor profile name: ${goQuote(profile)}`)]),
  ];
}
