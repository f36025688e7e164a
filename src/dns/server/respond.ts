import type { Clock } from "@fairlead/lib/clock";
import { serverOf } from "../config/dns-config.ts";
import { decodeQuery } from "../wire/decode-message.ts";
import type { Query } from "../wire/message.ts";
import { type Answered, type MakerOptions, responseFor, responseMaker } from "./make-response.ts";
import { queryKeyOf } from "./query-key.ts";
import { queryLogLine } from "./query-log.ts";
import { createReadyAnswers } from "./ready-answers.ts";
import type { RequestMetrics } from "./request-metrics.ts";

export interface ResponderOptions extends MakerOptions {
  /** Measures how long answers take. */
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Gets a line for each query that the configuration has logged. Default: none is written. */
  readonly printQuery?: ((line: string) => void) | undefined;
}

/** Who asks. */
export interface DnsClient {
  readonly address: string;
  readonly port: number;
}

/** The response to one message; at once where it is known, undefined for what deserves none. The bytes are the caller's. */
export type Respond = (
  bytes: Uint8Array,
  client?: DnsClient,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Where messages come from. */
export interface RespondListener {
  readonly proto: "udp" | "tcp";
  readonly requests: RequestMetrics;
  /** Its address, for the log of queries. */
  readonly local?: string | undefined;
}

/** Returns the function that answers one listener's messages. */
export type Responder = (listener: RespondListener) => Respond;

/** Answers messages: the cluster's names at once, and those asked before from memory, as they were written. */
export function createResponder(options: ResponderOptions): Responder {
  const { names, settings, clock } = options;
  const ready = createReadyAnswers({ names, settings });
  const make = responseMaker(options, ready);
  const log = queryLogger(options);
  return (listener) => {
    const { proto, requests } = listener;
    return (bytes, client) => {
      const startedMs = clock.monotonicMs();
      const finish = ({ response, outcome }: Answered) => {
        const tookMs = clock.monotonicMs() - startedMs;
        requests.answered(outcome, bytes.length, response.length, tookMs);
        if (settings.logsQueries) log(bytes, response, { listener, client, tookMs });
        return response;
      };
      const key = proto === "udp" ? queryKeyOf(asBuffer(bytes)) : undefined;
      const known = key === undefined ? undefined : ready.take(key.key);
      if (known !== undefined && key !== undefined) {
        return finish({ response: responseFor(bytes, key, known.response), outcome: known.outcome });
      }
      const answering = make(bytes, proto, key);
      if (answering instanceof Promise) return answering.then(finish);
      return answering === undefined ? undefined : finish(answering);
    };
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What is known of a query besides its bytes. */
interface Around {
  readonly listener: RespondListener;
  readonly client: DnsClient | undefined;
  readonly tookMs: number;
}

function queryLogger({ settings, printQuery }: Pick<ResponderOptions, "settings" | "printQuery">) {
  return (bytes: Uint8Array, response: Uint8Array, { listener, client, tookMs }: Around): void => {
    const query = decodedQuery(bytes);
    if (query === undefined || printQuery === undefined) return;
    const logs = serverOf(query.question.name, settings.config)?.logs ?? [];
    const { proto, local = "" } = listener;
    const from = client ?? { address: "", port: 0 };
    const line = queryLogLine({ query, queryBytes: bytes.length, response, proto, client: from, local, tookMs }, logs);
    if (line !== undefined) printQuery(line);
  };
}

function decodedQuery(bytes: Uint8Array): Query | undefined {
  try {
    return decodeQuery(bytes);
  } catch {
    return undefined;
  }
}
