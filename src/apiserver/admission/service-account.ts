import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ServiceAccount } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { goQuote } from "@fairlead/api/go-quote";
import type { Clock } from "@fairlead/lib/clock";
import { podReferences } from "../authz/pod-references.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import type { ObjectLookup } from "./object-lookup.ts";
import { isCreateOfPod, isMirrorPod } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";
import { secretReferenceProblem } from "./secret-references.ts";
import { TOKEN_VOLUME_PREFIX, withTokenVolume } from "./service-account-token-volume.ts";

const DEFAULT_ACCOUNT = "default";
/** A new namespace gets its default account from a controller: pods that are created directly after the namespace wait for it. */
const DEFAULT_ACCOUNT_WAIT_MS = 2_000;
const DEFAULT_ACCOUNT_POLL_MS = 20;

/** Objects that the ServiceAccount plugin reads. */
export interface ServiceAccountOptions {
  readonly serviceAccounts: ObjectLookup<ServiceAccount>;
  readonly clock: Clock;
  /** Makes a name unique, as `metadata.generateName` is. */
  readonly generateName: (base: string) => string;
}

/** Gives every new pod a service account that exists, the account's credentials and its image pull secrets. */
export function serviceAccountAdmission(options: ServiceAccountOptions): AdmissionPlugin {
  return {
    name: "ServiceAccount",

    admit(request) {
      if (!isCreateOfPod(request) || isMirrorPod(request.object)) return request.object;
      return withAccount(options, request);
    },

    validate(request) {
      return isCreateOfPod(request) ? assertValidAccount(options, request) : undefined;
    },
  };
}

async function withAccount(options: ServiceAccountOptions, request: AdmissionRequest<Pod>): Promise<Pod> {
  const name = request.object.spec.serviceAccountName || DEFAULT_ACCOUNT;
  const account = await accountNamed(options, request, name);
  const pod = withSpec(request.object, { serviceAccountName: name, serviceAccount: name });
  const mounted = automounts(pod, account) ? withTokenVolume(pod, options.generateName(TOKEN_VOLUME_PREFIX)) : pod;
  return withPullSecrets(mounted, account);
}

async function assertValidAccount(options: ServiceAccountOptions, request: AdmissionRequest<Pod>): Promise<void> {
  const pod = request.object;
  if (isMirrorPod(pod)) {
    const problem = mirrorPodProblem(pod);
    if (problem !== undefined) throw forbidden(request, problem);
    return;
  }
  const name = pod.spec.serviceAccountName ?? "";
  if (name === "") {
    throw forbidden(request, `no service account specified for pod ${request.namespace}/${pod.metadata.name}`);
  }
  const problem = secretReferenceProblem(pod, await accountNamed(options, request, name));
  if (problem !== undefined) throw forbidden(request, problem);
}

async function accountNamed(
  { serviceAccounts, clock }: ServiceAccountOptions,
  request: AdmissionRequest,
  name: string,
): Promise<ServiceAccount> {
  const { namespace } = request;
  const deadline = clock.monotonicMs() + (name === DEFAULT_ACCOUNT ? DEFAULT_ACCOUNT_WAIT_MS : 0);
  for (;;) {
    const account = await serviceAccounts.find({ namespace, name });
    if (account !== undefined) return account;
    if (clock.monotonicMs() >= deadline) break;
    await clock.sleep(DEFAULT_ACCOUNT_POLL_MS);
  }
  throw forbidden(
    request,
    `error looking up service account ${namespace}/${name}: serviceaccount ${goQuote(name)} not found`,
  );
}

/** What the pod says goes before what the account says. */
function automounts(pod: Pod, account: ServiceAccount): boolean {
  return pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
}

function withPullSecrets(pod: Pod, { imagePullSecrets = [] }: ServiceAccount): Pod {
  if ((pod.spec.imagePullSecrets ?? []).length > 0 || imagePullSecrets.length === 0) return pod;
  return withSpec(pod, { imagePullSecrets });
}

function withSpec(pod: Pod, spec: Partial<Pod["spec"]>): Pod {
  return { ...pod, spec: { ...pod.spec, ...spec } };
}

function mirrorPodProblem(pod: Pod): string | undefined {
  const { serviceAccount, secrets } = podReferences(pod);
  if (serviceAccount !== "") return "a mirror pod may not reference service accounts";
  if (secrets.length > 0) return "a mirror pod may not reference secrets";
  const sources = (pod.spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
  return sources.some((source) => source.serviceAccountToken !== undefined)
    ? "a mirror pod may not use ServiceAccountToken volume projections"
    : undefined;
}
