import { deepEqual } from "../../../../deep-equal.ts";
import { goQuote } from "../../../../go-quote.ts";
import type { ObjectMeta } from "../../../../meta/v1/object-meta.ts";
import type { EnvVar } from "../env.ts";
import type { PodSpec } from "../pod-schema.ts";
import type { AppArmorProfile } from "../security-context.ts";
import type { LocatedContainer } from "./pod-containers.ts";
import { fractionalByteWarnings } from "./pod-containers.ts";

/** The pod or template that a container is in. */
export interface ContainerOwner {
  readonly meta: ObjectMeta;
  readonly spec: PodSpec;
  /** Before `spec` and `metadata` in paths: `spec.template.` of a template. */
  readonly prefix: string;
}

const SECCOMP_PREFIX = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/";

/** Returns the warnings of one container, but for its ports. */
export function containerWarnings({ container, path }: LocatedContainer, owner: ContainerOwner): readonly string[] {
  const { limits, requests } = container.resources ?? {};
  const fractional = (resource: string) => [
    ...fractionalByteWarnings(limits, `${path}.resources.limits`, [resource]),
    ...fractionalByteWarnings(requests, `${path}.resources.requests`, [resource]),
  ];
  return [
    ...profileWarnings(container, owner),
    ...fractional("memory"),
    ...fractional("ephemeral-storage"),
    ...envWarnings(container.env ?? [], `${path}.env`),
  ];
}

function profileWarnings(
  { name, securityContext }: LocatedContainer["container"],
  { meta: { annotations = {} }, spec, prefix }: ContainerOwner,
): readonly string[] {
  const warning = (key: string, text: string) => [`${prefix}metadata.annotations[${key}]: ${text}`];
  const [seccomp, appArmor] = [SECCOMP_PREFIX + name, APP_ARMOR_PREFIX + name];
  const ignoresSeccomp = securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, seccomp);
  const annotation = Object.hasOwn(annotations, appArmor) ? annotations[appArmor] : undefined;
  const podProfile = spec.securityContext.appArmorProfile;
  // Upstream warns of the annotations of Pods where it turns them into fields.
  const isDeprecated =
    prefix !== "" &&
    annotation !== undefined &&
    securityContext?.appArmorProfile === undefined &&
    (podProfile === undefined || !deepEqual(podProfile, appArmorProfileOf(annotation)));
  return [
    ...(ignoresSeccomp ? warning(seccomp, 'non-functional in v1.27+; use the "seccompProfile" field instead') : []),
    ...(isDeprecated ? warning(appArmor, 'deprecated since v1.30; use the "appArmorProfile" field instead') : []),
  ];
}

function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const local = /^localhost\/(.+)$/s.exec(annotation)?.[1];
  return local === undefined ? undefined : { type: "Localhost", localhostProfile: local };
}

/** A later definition may refer to the earlier one: `PATH=$(PATH):/bin`. */
function envWarnings(variables: readonly EnvVar[], path: string): readonly string[] {
  const seen = new Set<string>();
  return variables.flatMap(({ name, value = "", valueFrom }, index) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    const reference = `$(${name})`;
    const hides = valueFrom !== undefined || value === reference || !value.includes(reference);
    if (!isRepeated || !hides) return [];
    return [`${path}[${index}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`];
  });
}
