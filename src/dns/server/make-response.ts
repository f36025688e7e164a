import { serviceDeciding, type Zone } from "../answer.ts";
import type { Ask } from "../cache/response-cache.ts";
import { type ServerConfig, serverOf } from "../config/dns-config.ts";
import { type Rewritten, rewriteName, rewriteReply } from "../config/rewrite-name.ts";
import type { Names } from "../names.ts";
import type { Settings } from "../settings.ts";
import {
  answersOf,
  decodeQuery,
  decodeResponse,
  hasHeader,
  negativeAuthorityOf,
  opcodeIn,
} from "../wire/decode-message.ts";
import { encodeFailure, encodeReply, TCP_BYTES_MAX, udpBytesMax } from "../wire/encode-message.ts";
import type { DnsRecord, Query, Question, Rcode, Reply } from "../wire/message.ts";
import { CLASS_IN, rcodes, recordTypes } from "../wire/message.ts";
import { WireError } from "../wire/wire-error.ts";
import { type Decision, decide } from "./decide.ts";
import { type AnswerSource, type Outcome, outcomeOf } from "./outcome.ts";
import type { QueryKey } from "./query-key.ts";
import type { ReadyAnswer, ReadyAnswers } from "./ready-answers.ts";
import { relayed } from "./relay.ts";

/** Rotates the order of several addresses, so that clients that take the first one spread. */
const ORDERS_MAX = 4;
/** Names in one chain of aliases: CoreDNS follows eleven aliases. */
const CHAIN_MAX = 12;

/** Where the name of a question begins. */
const NAME_START = 12;
const TRANSFERS: ReadonlySet<number> = new Set([recordTypes.AXFR, recordTypes.IXFR]);

export interface MakerOptions {
  readonly names: Names;
  readonly zone: Pick<Zone, "clusterDomain" | "serverAddress">;
  /** The configuration in force. */
  readonly settings: Settings;
  /** The zone's serial number is this plus how often the names have changed. */
  readonly serialBase: number;
}

/** A response, and how it is counted. */
export interface Answered {
  readonly response: Uint8Array;
  readonly outcome: Outcome;
}

/** One query on its way through its server block. */
interface Work {
  readonly query: Query;
  readonly bytes: Uint8Array;
  readonly bytesMax: number;
  readonly server: ServerConfig;
  /** The question as the block's rules have it. */
  readonly question: Question;
  /** Undefined when no rule matched. */
  readonly rewritten: Rewritten | undefined;
}

/** Makes the response to one message. @param key - Under which the answer is kept; undefined: it is not. */
type MakeResponse = (
  bytes: Uint8Array,
  proto: "udp" | "tcp",
  key: QueryKey | undefined,
) => Answered | Promise<Answered> | undefined;

/** Returns the function that makes the response to a message for which none is kept ready. */
export function responseMaker(options: MakerOptions, ready: ReadyAnswers): MakeResponse {
  const { settings } = options;
  const look = looker(options);

  function respondTo(query: Query, bytes: Uint8Array, bytesMax: number, key: QueryKey | undefined) {
    const { name } = query.question;
    const own = (rcode: Rcode) => answered(query, encodeReply(query, bytes, nothing(rcode), bytesMax), "server");
    // Zones are not transferred (RFC 5936 §2.2.1), not even those of other servers.
    if (TRANSFERS.has(query.question.type)) return own("REFUSED");
    if (settings.resolvers.cameBack(query.question)) return own("SERVFAIL");
    const server = serverOf(name, settings.config);
    if (server === undefined) return own("REFUSED");
    const rewritten = server.rewrites.length === 0 ? undefined : rewriteName(name, server.rewrites);
    const isRewritten = rewritten?.isRewritten === true;
    const question = isRewritten ? { ...query.question, name: rewritten.name } : query.question;
    const work = { query, bytes, bytesMax, server, question, rewritten: isRewritten ? rewritten : undefined };
    const given = look(question, server);
    if (given.do === "forward") return forward(work, settings.resolvers.of(server, question.name));
    if (given.do === "follow") return follow(work, given, options).then((reply) => finished(work, reply, "kubernetes"));
    if (key === undefined) return kept(work, given, undefined, ready);
    const service = serviceDeciding(question.name, options.zone.clusterDomain);
    return kept(work, given, { ...key, service }, ready);
  }

  return (bytes, proto, key) => {
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
      const responding = respondTo(query, bytes, bytesMax, key);
      return responding instanceof Promise ? responding.catch(failed) : responding;
    } catch (error) {
      return failed(error);
    }
  };
}

/** Returns the function that decides about one question of a block, from what is known now. */
function looker({ names, zone, serialBase }: MakerOptions) {
  return (question: Question, server: ServerConfig): Decision => {
    const serial = (serialBase + names.generation) % 2 ** 32;
    return decide(question, server, names, { ...zone, serial });
  };
}

/** The answer to the client: under the name that it asked for. */
function finished({ query, bytes, bytesMax, rewritten }: Work, reply: Reply, from: AnswerSource): Answered {
  const given = rewritten === undefined ? reply : rewriteReply(reply, rewritten);
  const source = reply.rcode === "SERVFAIL" ? "server" : from;
  return answered(query, encodeReply(query, bytes, given, bytesMax), source);
}

/** A finished answer from the cluster's or the configuration's names, kept for the next one who asks the same. */
function kept(
  { query, bytes, bytesMax, rewritten }: Work,
  { reply, from }: Extract<Decision, { readonly do: "reply" }>,
  keep: (QueryKey & Pick<ReadyAnswer, "service">) | undefined,
  ready: ReadyAnswers,
): Answered {
  const given = rewritten === undefined ? reply : rewriteReply(reply, rewritten);
  // Copied, since small buffers share their memory.
  const orders = ordersOf(given).map((one) => Buffer.from(encodeReply(query, bytes, one, bytesMax)));
  const first = orders[0] ?? bytes;
  const outcome = outcomeOf(query, first, from);
  if (keep === undefined) return { response: first, outcome };
  ready.set(keep.key, { orders, outcome, service: keep.service });
  return { response: responseFor(bytes, keep, first), outcome };
}

async function forward(work: Work, ask: Ask | undefined): Promise<Answered> {
  const { query, bytes, bytesMax, question, rewritten } = work;
  if (ask === undefined) return finished(work, nothing("REFUSED"), "server");
  const response = await ask(question);
  if (response === undefined) return finished(work, nothing("SERVFAIL"), "server");
  // With other names in it, it is written again.
  if (rewritten !== undefined) return finished(work, replyOf(response), "forward");
  const whole = relayed(response, query, bytes, bytesMax);
  const given = whole ?? encodeReply(query, bytes, { ...nothing("NOERROR"), truncated: true }, bytesMax);
  return answered(query, given, "forward");
}

/** Follows a chain of aliases to its end, each name in its own server block. */
async function follow(
  { question }: Work,
  start: Extract<Decision, { readonly do: "follow" }>,
  options: MakerOptions,
): Promise<Reply> {
  const { settings } = options;
  const look = looker(options);
  const answers = [...start.reply.answers];
  let target = start.target;
  for (let depth = 1; depth < CHAIN_MAX; depth++) {
    const server = serverOf(target, settings.config);
    // The client gets what is known, and may ask for the rest itself.
    if (server === undefined) return { ...start.reply, answers };
    const next = look({ ...question, name: target }, server);
    if (next.do === "forward") {
      const ask = settings.resolvers.of(server, target);
      return { ...start.reply, ...(await fromElsewhere({ ...question, name: target }, answers, ask)) };
    }
    answers.push(...next.reply.answers);
    if (next.do === "reply") return { ...next.reply, answers };
    target = next.target;
  }
  return nothing("SERVFAIL");
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
    if (!hasHeader(bytes) || isResponse) return undefined;
    return encodeFailure(bytes, opcodeIn(bytes) === 0 ? "FORMERR" : "NOTIMP");
  }
}

/** All names are of the Internet class, for CoreDNS as well. */
function refusalOf({ question, edns }: Query): Rcode | undefined {
  if (question.class !== CLASS_IN) return "REFUSED";
  return edns !== undefined && edns.version > 0 ? "BADVERS" : undefined;
}

function nothing(rcode: Rcode): Reply {
  return { rcode, authoritative: false, answers: [] };
}

async function fromElsewhere(
  question: Question,
  before: readonly DnsRecord[],
  ask: Ask | undefined,
): Promise<Pick<Reply, "rcode" | "answers" | "authority">> {
  const response = await ask?.(question);
  // The client gets what is known, and may ask for the rest itself.
  if (response === undefined) return { rcode: ask === undefined ? "NOERROR" : "SERVFAIL", answers: before };
  const { authoritative: _, ...reply } = replyOf(response);
  return { ...reply, answers: [...before, ...reply.answers] };
}

/** Another resolver's response as a reply of ours. Its failures and refusals are no NXDOMAIN. */
function replyOf(response: Uint8Array): Reply {
  const { rcode: number } = decodeResponse(response);
  const rcode = number === rcodes.NXDOMAIN ? "NXDOMAIN" : number === rcodes.NOERROR ? "NOERROR" : "SERVFAIL";
  return { rcode, authoritative: false, answers: answersOf(response), authority: negativeAuthorityOf(response) };
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

/** A copy of a kept response with the id of the query, and its spelling of the name. */
export function responseFor(
  asked: Uint8Array,
  { nameEnd }: Pick<QueryKey, "nameEnd">,
  response: Uint8Array,
): Uint8Array {
  const copy = Buffer.from(response);
  copy[0] = asked[0] ?? 0;
  copy[1] = asked[1] ?? 0;
  for (let at = NAME_START; at < nameEnd; at++) copy[at] = asked[at] ?? 0;
  return copy;
}
