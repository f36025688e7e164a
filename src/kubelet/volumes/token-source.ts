import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ServiceAccountTokenProjection } from "@fairlead/api/core/v1/pod/volume";
import { boundedSeconds } from "@fairlead/api/int64";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";

/** Gets the tokens that pods read from their projected volumes, and new ones before they run out. */
export interface TokenSource {
  token(pod: Pod, projection: ServiceAccountTokenProjection): Promise<string>;
  /** Returns in how many milliseconds to renew the first of the pod's tokens; undefined without tokens. */
  renewInMs(podUid: string): number | undefined;
  forget(podUid: string): void;
}

interface Issued {
  readonly token: string;
  /** When to renew it, by the monotonic clock, which stands still while the machine sleeps. */
  readonly renewAtMs: number;
  /** The same by the machine's time of day, which may be set. */
  readonly renewAtTime: number;
}

/** A token is renewed when this share of its life is over, as upstream. */
const RENEWED_AT_SHARE = 0.8;
/** And after a day at the latest. */
const KEPT_MAX_MS = 24 * 60 * 60 * 1000;

/** Tokens are kept in memory: a kubelet that starts again asks for new ones. */
export function createTokenSource({ client, clock }: { readonly client: Client; readonly clock: Clock }): TokenSource {
  const issuedByPod = new Map<string, Map<string, Issued>>();

  async function request(pod: Pod, { audience, expirationSeconds }: ServiceAccountTokenProjection): Promise<Issued> {
    const { name, namespace, uid } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? "default";
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace ?? "")}/serviceaccounts/${encodeURIComponent(account)}/token`;
    const [issuedAtMs, issuedAtTime] = [clock.monotonicMs(), clock.now()];
    const { spec, status } = await client.raw<TokenRequest>("POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: audience === undefined || audience === "" ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    });
    // Not from the expiration's time of day: the clocks of this machine and of the API server may differ.
    const lifeMs = boundedSeconds(spec.expirationSeconds) * 1000;
    const keptMs = Math.min(KEPT_MAX_MS, lifeMs * RENEWED_AT_SHARE);
    return { token: status.token, renewAtMs: issuedAtMs + keptMs, renewAtTime: issuedAtTime + keptMs };
  }

  /** Whichever of the two clocks says so first: a token renewed too early does no harm. */
  const dueInMs = ({ renewAtMs, renewAtTime }: Issued) =>
    Math.min(renewAtMs - clock.monotonicMs(), renewAtTime - clock.now());

  return {
    async token(pod, projection) {
      const { uid } = pod.metadata;
      const key = JSON.stringify([projection.audience ?? "", projection.expirationSeconds]);
      const known = issuedByPod.get(uid)?.get(key);
      if (known !== undefined && dueInMs(known) > 0) return known.token;

      const issued = await request(pod, projection);
      // Others of the pod may have come meanwhile.
      issuedByPod.set(uid, (issuedByPod.get(uid) ?? new Map<string, Issued>()).set(key, issued));
      return issued.token;
    },

    renewInMs(podUid) {
      const times = [...(issuedByPod.get(podUid)?.values() ?? [])].map(dueInMs);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    forget(podUid) {
      issuedByPod.delete(podUid);
    },
  };
}
