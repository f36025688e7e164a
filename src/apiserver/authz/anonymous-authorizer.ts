import type { Attributes, Authorizer } from "./authorizer.ts";
import { matchesPath } from "./rule-matches.ts";

/** The group of every request without credentials. */
export const UNAUTHENTICATED_GROUP = "system:unauthenticated";

/** What probes and clients look at before they have credentials. */
const PUBLIC_PATHS = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

/**
 * Allows requests without credentials to read health and version, and denies them everything else.
 *
 * Stricter than upstream on purpose: no role can open more to them, so that a binding to
 * `system:unauthenticated` made by mistake opens nothing.
 */
export const anonymousAuthorizer: Authorizer = {
  authorize(attributes) {
    if (!attributes.user.groups.includes(UNAUTHENTICATED_GROUP)) return { verdict: "noOpinion", reason: "" };
    return { verdict: isPublic(attributes) ? "allow" : "deny", reason: "" };
  },
};

function isPublic(attributes: Attributes): boolean {
  return (
    attributes.type === "nonResource" &&
    ["get", "head"].includes(attributes.verb) &&
    matchesPath(PUBLIC_PATHS, attributes.path)
  );
}
