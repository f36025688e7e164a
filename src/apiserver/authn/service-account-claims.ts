/** An object that a token is bound to. */
export interface BoundObject {
  readonly name: string;
  /** Absent only for a pod's node that was not there when the token was made. */
  readonly uid?: string | undefined;
}

/** The private claim `kubernetes.io` of a service account's token. */
export interface KubernetesClaim {
  readonly namespace: string;
  readonly serviceaccount: BoundObject;
  readonly pod?: BoundObject | undefined;
  readonly secret?: BoundObject | undefined;
  readonly node?: BoundObject | undefined;
  /** Seconds since the epoch from which the holder should have fetched a new token. */
  readonly warnafter?: number;
}

/** The claims of a service account's token. Times in seconds since the epoch. */
export interface ServiceAccountClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number;
  readonly jti: string;
  readonly "kubernetes.io": KubernetesClaim;
}

/** The claims of a verified token, or nothing when they are not those of a service account. */
export function parseClaims(payload: Readonly<Record<string, unknown>>): ServiceAccountClaims | undefined {
  const { iss, sub, aud, exp, iat = 0, nbf = 0, jti = "" } = payload;
  const claim = parseKubernetesClaim(payload["kubernetes.io"]);
  const audiences = typeof aud === "string" ? [aud] : aud;
  if (claim === undefined || typeof iss !== "string" || typeof sub !== "string" || typeof exp !== "number") {
    return undefined;
  }
  if (typeof iat !== "number" || typeof nbf !== "number" || typeof jti !== "string") return undefined;
  if (!Array.isArray(audiences) || !audiences.every((audience) => typeof audience === "string")) return undefined;
  return { iss, sub, aud: audiences, exp, iat, nbf, jti, "kubernetes.io": claim };
}

function parseKubernetesClaim(value: unknown): KubernetesClaim | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { namespace, serviceaccount, pod, secret, node } = value as Readonly<Record<string, unknown>>;
  const account = parseBound(serviceaccount);
  if (typeof namespace !== "string" || account === undefined) return undefined;
  return {
    namespace,
    serviceaccount: account,
    pod: parseBound(pod),
    secret: parseBound(secret),
    node: parseBound(node),
  };
}

function parseBound(value: unknown): BoundObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, uid } = value as { readonly name?: unknown; readonly uid?: unknown };
  if (typeof name !== "string") return undefined;
  return { name, uid: typeof uid === "string" ? uid : undefined };
}
