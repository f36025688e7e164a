import type { AuthenticationFailure, Authenticator, User } from "./authenticator.ts";
import { bearerToken } from "./bearer-token.ts";

/** The group of everybody with good credentials. */
export const AUTHENTICATED_GROUP = "system:authenticated";

/**
 * The first user that one of the authenticators finds, with {@link AUTHENTICATED_GROUP} added.
 *
 * Bad credentials do not matter beside good ones. A bearer token that no authenticator knows is a failure; without any credentials
 * there is no answer, and the request is anonymous.
 */
export function unionAuthenticator(authenticators: readonly Authenticator[]): Authenticator {
  return {
    async authenticate(credentials) {
      const failures: string[] = [];
      for (const authenticator of authenticators) {
        const result = await authenticator.authenticate(credentials);
        if (result === undefined) continue;
        if (!isFailure(result)) return authenticated(result);
        failures.push(result.failure);
      }
      if (failures.length === 0 && typeof bearerToken(credentials) === "string") failures.push("invalid bearer token");
      return failures.length === 0 ? undefined : { failure: failures.join(", ") };
    },
  };
}

function isFailure(result: User | AuthenticationFailure): result is AuthenticationFailure {
  return "failure" in result;
}

/** A certificate's user is the same for all requests of a connection. */
const members = new WeakMap<User, User>();

/** The user as a member of {@link AUTHENTICATED_GROUP}: the same value for the same user. */
export function authenticated(user: User): User {
  const known = members.get(user);
  if (known !== undefined) return known;
  const { groups } = user;
  const member = groups.includes(AUTHENTICATED_GROUP) ? user : { ...user, groups: [...groups, AUTHENTICATED_GROUP] };
  members.set(user, member);
  return member;
}
