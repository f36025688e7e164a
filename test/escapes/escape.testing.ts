import type { IdentityName } from "./identities.testing.ts";

/** One hostile attempt, and the answer that it must get. */
export interface Escape {
  /** A sentence: who tries what. */
  readonly name: string;
  /** What the attempt would break: a CVE, a section of an RFC, or a rule of Kubernetes by name. */
  readonly rule: string;
  readonly as: IdentityName;
  readonly attempt: Attempt;
  readonly want: Answer;
  /** What an administrator reads afterwards. Nothing at all may change when the answer is an error. */
  readonly after?: { readonly path: string; readonly says: RegExp };
}

/** A request, or the bytes of one. */
export type Attempt = RequestAttempt | RawAttempt;

/** A request that an HTTP client can send. */
export interface RequestAttempt {
  /** Default `GET`. */
  readonly method?: string;
  /** Path and query, sent as they are. In it and in texts and objects of the body, a {@link Placeholder} is filled in. */
  readonly path: string;
  /** In order; names may repeat. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Text and bytes are sent as they are, objects as JSON. */
  readonly body?: string | Uint8Array | object;
  /** Content type of the body. Default `application/json`. */
  readonly type?: string;
  /** Default `api`. */
  readonly to?: "api" | "kubelet";
}

/** Bytes (latin1) that no HTTP client sends. */
export interface RawAttempt {
  readonly raw: string;
}

/** What only the running cluster knows: a good token of `shop/till`, and uids of Nodes and pods. */
export type Placeholder = "{token}" | "{node-1}" | "{web-1}" | "{web-2}";

/** The status codes that come back, in order, and what the first answer says. */
export interface Answer {
  /** A request has one answer; raw bytes may have several. */
  readonly code: number | readonly number[];
  /**
   * All of it as text, or a part as a pattern. Of a `Status`, it is `Reason: message`, and in brackets why: the operation
   * of a JSON patch that does not apply, or what is wrong with credentials. Of anything else, it is the body.
   */
  readonly says: string | RegExp;
}

/** Tells the two sorts of attempts apart. */
export function isRaw(attempt: Attempt): attempt is RawAttempt {
  return "raw" in attempt;
}
