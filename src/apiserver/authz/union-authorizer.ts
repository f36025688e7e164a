import type { Authorizer } from "./authorizer.ts";

/** Asks one after the other until one allows or denies. The reasons of those without an opinion are joined. */
export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(attributes) {
      const reasons: string[] = [];
      for (const authorizer of authorizers) {
        const decision = authorizer.authorize(attributes);
        if (decision.verdict !== "noOpinion") return decision;
        if (decision.reason !== "") reasons.push(decision.reason);
      }
      return { verdict: "noOpinion", reason: reasons.join("\n") };
    },
  };
}
