import type { Duplex } from "node:stream";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Struct } from "@fairlead/api/schema";
import type { Answer } from "../answers/answer.ts";
import type { User } from "../authn/authenticator.ts";
import type { ServedRequest } from "../http/body.ts";
import type { Warn } from "../http/warnings.ts";

/** A request below one object, already authenticated and authorized. */
export interface SubresourceRequest {
  readonly request: ServedRequest;
  readonly user: User;
  readonly namespace: string;
  readonly name: string;
  readonly query: URLSearchParams;
  /** The object itself, as stored. Reading it is the API server's work; a missing one has been answered with 404. */
  readonly parent: KubeObject;
  readonly warn: Warn;
  /**
   * Lets admission see an object that is created below {@link parent}.
   *
   * @param check - Throws {@link StatusError} for an object that is not valid. Called with what plugins made of it.
   * @returns what plugins made of it.
   * @throws {StatusError} what a plugin refuses with.
   */
  admit<T extends KubeObject>(kind: CreatedKind, object: T, check: (object: T) => void): Promise<T>;
}

/** Kind of an object that is created below another and not stored. */
export interface CreatedKind extends Pick<Kind, "group" | "version" | "kind"> {
  readonly schema: Struct;
}

/** What is behind `/api/v1/namespaces/NS/pods/NAME/log` and its like: everything that is not `status` or a plain verb. */
export interface SubresourceHandler {
  /** `pods`, or `deployments.apps`. */
  readonly groupResource: string;
  /** `log`, `exec`, `binding`, `token`, ... */
  readonly name: string;
  /**
   * Answers last as long as the client or the backend wants: they have no deadline, and are passed on without a look at what the
   * client accepts. Default: false.
   */
  readonly isLong?: true;
  handle(request: SubresourceRequest): Promise<Answer>;
  /**
   * Takes over the connection of an HTTP/1.1 upgrade (SPDY/3.1 or WebSocket). Must answer on the socket in every case,
   * refusals included.
   */
  upgrade?(request: SubresourceRequest, socket: Duplex, head: Buffer): Promise<void>;
}
