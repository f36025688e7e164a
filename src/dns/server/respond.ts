import type { Clock } from "@fairlead/lib/clock";
import type { Answer, Zone } from "../answer.ts";
import { answer } from "../answer.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import type { Names } from "../names.ts";
import { answersOf, decodeQuery, decodeResponse, hasHeader, negativeAuthorityOf } from "../wire/decode-message.ts";
import { encodeFailure, encodeReply, TCP_BYTES_MAX, udpBytesMax } from "../wire/encode-message.ts";
import type { DnsRecord, Query, Rcode, Reply } from "../wire/message.ts";
import { rcodes } from "../wire/message.ts";
import { WireError } from "../wire/wire-error.ts";
import { type AnswerSource, type Outcome, outcomeOf } from "./outcome.ts";
import { createReadyAnswers, type ReadyAnswers } from "./ready-answers.ts";
import { relayed } from "./relay.ts";
import type { RequestMetrics } from "./request-metrics.ts";

/** Rotates the order of several addresses, so that clients that take the first one spread. */
const ORDERS_MAX = 4;
/** Names in one chain of aliases. */
const CHAIN_MAX = 8;

export interface ResponderOptions {
  readonly names: Names;
  readonly zone: Omit<Zone, "serial">;
  /** Undefined: there is no upstream, and questions for names outside the cluster are refused. */
  readonly forwarder: Pick<Forwarder, "resolve"> | undefined;
  /** The zone's serial number is this plus how often the names have changed. */
  readonly serialBase: number;
  /** Measures how long answers take. */
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** The response to one message; at once where it is known, undefined for what deserves none. The bytes are the caller's. */
export type Respond = (bytes: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Returns the function that answers one listener's messages. */
export type Responder = (listener: { readonly proto: "udp" | "tcp"; readonly requests: RequestMetrics }) => Respond;

/** A response, and how it is counted. */
interface Answered {
  readonly response: Uint8Array;
  readonly outcome: Outcome;
}

/** Answers messages: the cluster's names at once, and those asked before from memory, as they were written. */
export function createResponder(options: ResponderOptions): Responder {
  const { names, clock } = options;
  const ready = createReadyAnswers(names);
  const make = maker(options, ready);
  return ({ proto, requests }) =>
    (bytes) => {
      const startedMs = clock.monotonicMs();
      const key = proto === "udp" ? ready.keyOf(bytes) : undefined;
      const known = key === undefined ? undefined : ready.get(key);
      if (known !== undefined) {
        known.next = (known.next + 1) % known.orders.length;
        const response = withId(known.orders[known.next] ?? bytes, bytes);
        requests.answered(known.outcome, bytes.length, response.length, clock.monotonicMs() - startedMs);
        return response;
      }
      const counted = ({ response, outcome }: Answered) => {
        requests.answered(outcome, bytes.length, response.length, clock.monotonicMs() - startedMs);
        return response;
      };
      const answering = make(bytes, proto, key);
      if (answering instanceof Promise) return answering.then(counted);
      return answering === undefined ? undefined : counted(answering);
    };
}

/** Returns the function that makes the response to a message for which none is kept ready. */
function maker({ names, zone, forwarder, serialBase }: Omit<ResponderOptions, "clock">, ready: ReadyAnswers) {
  function look(query: Query, name = query.question.name): Answer {
    const serial = (serialBase + names.generation) % 2 ** 32;
    return answer({ ...query.question, name }, names, { ...zone, serial });
  }

  async function follow(query: Query, start: Extract<Answer, { do: "follow" }>): Promise<Reply> {
    const answers = [...start.reply.answers];
    let target = start.target;
    for (let depth = 1; depth < CHAIN_MAX; depth++) {
      const next = look(query, target);
      if (next.do === "forward") return { ...start.reply, ...(await fromElsewhere(query, target, answers, forwarder)) };
      answers.push(...next.reply.answers);
      if (next.do === "reply") return { ...next.reply, answers };
      target = next.target;
    }
    return { rcode: "SERVFAIL", authoritative: false, answers: [] };
  }

  async function forward(query: Query, asked: Uint8Array, bytesMax: number): Promise<Answered> {
    const own = (rcode: Rcode) => answered(query, encodeReply(query, asked, nothing(rcode), bytesMax), "server");
    if (forwarder === undefined) return own("REFUSED");
    const response = await forwarder.resolve(query.question);
    if (response === undefined) return own("SERVFAIL");
    const whole = relayed(response, query, asked, bytesMax);
    const given = whole ?? encodeReply(query, asked, { ...nothing("NOERROR"), truncated: true }, bytesMax);
    return answered(query, given, "forward");
  }

  /** @param key - Under which the answer is kept; undefined: it is not. */
  function respondTo(
    query: Query,
    bytes: Uint8Array,
    { bytesMax, key }: { bytesMax: number; key: string | undefined },
  ): Answered | Promise<Answered> {
    const given = look(query);
    if (given.do === "forward") return forward(query, bytes, bytesMax);
    if (given.do === "follow") {
      return follow(query, given).then((reply) =>
        answered(
          query,
          encodeReply(query, bytes, reply, bytesMax),
          reply.rcode === "SERVFAIL" ? "server" : "kubernetes",
        ),
      );
    }
    // Copied, since what an encoder returns lies in more room than it needs.
    const orders = ordersOf(given.reply).map((reply) => encodeReply(query, bytes, reply, bytesMax).slice());
    const first = orders[0] ?? bytes;
    const outcome = outcomeOf(query, first, given.reply.authoritative ? "kubernetes" : "server");
    if (key !== undefined) ready.set(key, { orders, outcome });
    return { response: withId(first, bytes), outcome };
  }

  return (
    bytes: Uint8Array,
    proto: "udp" | "tcp",
    key: string | undefined,
  ): Answered | Promise<Answered> | undefined => {
    const query = read(bytes);
    if (query === undefined) return undefined;
    if (query instanceof Uint8Array) return answered(undefined, query, "dropped");
    const bytesMax = proto === "udp" ? udpBytesMax(query) : TCP_BYTES_MAX;
    const refusal = refusalOf(query);
    if (refusal !== undefined) return answered(query, encodeReply(query, bytes, nothing(refusal), bytesMax), "dropped");

    /** The name that a Service is an alias of may have labels that no message can hold; an upstream may send nonsense. */
    const failed = (error: unknown) => {
      if (!(error instanceof WireError)) throw error;
      return answered(query, encodeReply(query, bytes, nothing("SERVFAIL"), bytesMax), "server");
    };
    try {
      const responding = respondTo(query, bytes, { bytesMax, key });
      return responding instanceof Promise ? responding.catch(failed) : responding;
    } catch (error) {
      return failed(error);
    }
  };
}

function answered(query: Query | undefined, response: Uint8Array, from: AnswerSource): Answered {
  return { response, outcome: outcomeOf(query, response, from) };
}

/** The query, or the answer to what is none; nothing for what is not even a request. */
function read(bytes: Uint8Array): Query | Uint8Array | undefined {
  try {
    return decodeQuery(bytes);
  } catch {
    // A response is never answered: two servers would go on for ever.
    const isResponse = ((bytes[2] ?? 0) & 0x80) !== 0;
    return hasHeader(bytes) && !isResponse ? encodeFailure(bytes, "FORMERR") : undefined;
  }
}

function refusalOf({ opcode, edns }: Query): Rcode | undefined {
  if (opcode !== 0) return "NOTIMP";
  return edns !== undefined && edns.version > 0 ? "BADVERS" : undefined;
}

function nothing(rcode: Rcode): Reply {
  return { rcode, authoritative: false, answers: [] };
}

async function fromElsewhere(
  query: Query,
  name: string,
  before: readonly DnsRecord[],
  forwarder: Pick<Forwarder, "resolve"> | undefined,
): Promise<Pick<Reply, "rcode" | "answers" | "authority">> {
  const response = await forwarder?.resolve({ ...query.question, name });
  // The client gets what is known, and may ask for the rest itself.
  if (response === undefined) return { rcode: forwarder === undefined ? "NOERROR" : "SERVFAIL", answers: before };
  const { rcode: number } = decodeResponse(response);
  // A failure or refusal of the upstream resolver is no NXDOMAIN.
  const rcode = number === rcodes.NXDOMAIN ? "NXDOMAIN" : number === rcodes.NOERROR ? "NOERROR" : "SERVFAIL";
  return { rcode, answers: [...before, ...answersOf(response)], authority: negativeAuthorityOf(response) };
}

function ordersOf(reply: Reply): readonly Reply[] {
  const { answers } = reply;
  const orders = Math.min(ORDERS_MAX, answers.length);
  if (orders < 2) return [reply];
  return Array.from({ length: orders }, (_, i) => {
    const first = Math.floor((i * answers.length) / orders);
    return { ...reply, answers: [...answers.slice(first), ...answers.slice(0, first)] };
  });
}

function withId(response: Uint8Array, asked: Uint8Array): Uint8Array {
  const copy = new Uint8Array(response);
  copy[0] = asked[0] ?? 0;
  copy[1] = asked[1] ?? 0;
  return copy;
}
