import type { Duplex } from "node:stream";
import { grantUpgrade, refuseUpgrade } from "./answer-upgrade.ts";
import type { UpgradeAnswer } from "./request-upgrade.ts";
import { splice } from "./splice.ts";

/** A client that asked for an upgrade, and what it has sent behind its request. */
export interface WaitingClient {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Passes the backend's answer to an upgrade on to the client. After a granted one it joins the two connections and
 * resolves when they have ended; after a refusal the client's is closed. Never rejects.
 *
 * A refusal is passed on unchanged. An answer that is neither is not: a redirect would have the client show its
 * credentials to a host that the backend names.
 */
export async function passAnswerOn(answer: UpgradeAnswer, { socket, head }: WaitingClient): Promise<void> {
  if (!answer.upgraded) {
    if (answer.status < 400) {
      const message = `invalid upgrade response: status code ${answer.status}`;
      const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 500 };
      refuseUpgrade(socket, 500, "application/json", JSON.stringify(status));
      return;
    }
    const contentType = answer.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "text/plain";
    refuseUpgrade(socket, answer.status, contentType, answer.body);
    return;
  }
  grantUpgrade(socket, answer.headers);
  if (head.length > 0) answer.socket.write(head);
  if (answer.head.length > 0) socket.write(answer.head);
  await splice(socket, answer.socket);
}
