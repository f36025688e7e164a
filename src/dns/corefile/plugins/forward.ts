import type { ForwardConfig } from "../../config/dns-config.ts";
import type { Transport, Upstream } from "../../forward/upstream.ts";
import { CorefileError } from "../corefile-error.ts";
import type { Directive } from "../parse-corefile.ts";
import { checkCount, domainName, durationMs, integer, isIpAddress, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

const UPSTREAMS_MAX = 15;
const RESOLV_CONF = "/etc/resolv.conf";
const MANY = Number.MAX_SAFE_INTEGER;
const POLICIES = ["random", "round_robin", "sequential"] as const;
const RCODES = ["SERVFAIL", "NXDOMAIN", "REFUSED", "NOTIMP", "FORMERR"];
/** Options of CoreDNS that change what this server cannot: they are refused with a reason. */
const REFUSED: Readonly<Record<string, string>> = {
  doh_method: "DNS over HTTPS is not supported",
  next: "the first forward that matches a name answers it",
  next_on_nodata: "the first forward that matches a name answers it",
  resolver: "write upstreams as addresses",
  source_address: "the kernel chooses the address",
};

/** `forward FROM TO... { … }` */
export const readForward: ReadPlugin = (directive, { forwards }, { nodeUpstreams }) => {
  checkCount(directive, 2, Number.POSITIVE_INFINITY);
  const [from = ".", ...to] = directive.args;
  const { line } = directive;
  // Without a policy, upstreams are asked in random order, as in CoreDNS.
  const start: ForwardConfig = { from: domainName(from, line), except: [], upstreams: [], policy: "random" };
  let config = start;
  for (const option of directive.options) config = { ...config, ...readOption(option, config) };
  const serverName = tlsServerNameOf(directive);
  const upstreams = to.flatMap((text) => (text === RESOLV_CONF ? nodeUpstreams : [upstream(text, line, serverName)]));
  if (upstreams.length > UPSTREAMS_MAX) {
    throw new CorefileError(line, `forward has at most ${UPSTREAMS_MAX} upstreams, not ${upstreams.length}`);
  }
  config = { ...config, upstreams };
  return { forwards: [...forwards, config] };
};

function tlsServerNameOf({ options }: Directive): string | undefined {
  const option = options.findLast(({ name }) => name === "tls_servername");
  if (option === undefined) return undefined;
  checkCount(option, 1);
  return domainName(option.args[0] ?? "", option.line);
}

/** `IP`, `IP:PORT`, `[IPv6]:PORT`, with `dns://`, or `tls://` and then a name `%NAME` behind the address. */
function upstream(text: string, line: number, serverName: string | undefined): Upstream {
  const [, scheme = "dns", rest = ""] = /^(?:([a-z0-9]+):\/\/)?(.*)$/.exec(text) ?? [];
  if (scheme !== "dns" && scheme !== "tls") throw unsupported(`upstream "${text}"`, line, "use dns:// or tls://");
  const transport: Transport = scheme === "tls" ? "tls" : "udp";
  const bare = isIpAddress(rest) ? [rest, rest] : undefined;
  const [, inBrackets, plain, ownName, port] =
    bare !== undefined
      ? [undefined, undefined, rest]
      : (/^(?:\[([^\]]+)\]|([^%:[\]]+))(?:%([^:]+))?(?::(\d+))?$/.exec(rest) ?? []);
  const address = inBrackets ?? plain ?? "";
  if (!isIpAddress(address)) {
    const advice = rest.startsWith("/") ? `only ${RESOLV_CONF} is read` : "write the address of a DNS server";
    throw new CorefileError(line, `cannot forward to "${text}": ${advice}`);
  }
  if (ownName !== undefined && (transport !== "tls" || serverName !== undefined)) {
    throw new CorefileError(line, `"%${ownName}" is for tls:// without tls_servername`);
  }
  const name = ownName === undefined ? serverName : domainName(ownName, line);
  return {
    address,
    ...(port !== undefined && { port: integer(port, line, { min: 1, max: 65_535 }) }),
    ...(transport === "tls" && { transport }),
    ...(transport === "tls" && name !== undefined && { tlsServerName: name }),
  };
}

function readOption(option: Directive, before: ForwardConfig): Partial<ForwardConfig> {
  const { name, args, line } = option;
  const refusal = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refusal !== undefined) throw unsupported(`option "${name}" of forward`, line, `remove it: ${refusal}`);
  const number = (min: number) => integer(args[0], line, { min, max: MANY });
  const read: Readonly<Record<string, readonly [count: number, read: () => Partial<ForwardConfig>]>> = {
    force_tcp: [0, () => ({ forceTcp: true })],
    // UDP is always tried first.
    prefer_udp: [0, () => ({})],
    tls: [0, () => ({})],
    tls_servername: [1, () => ({})],
    expire: [1, () => ({ expireMs: durationMs(args[0] ?? "", line) })],
    max_idle_conns: [1, () => ({ idleConnectionsMax: number(0) })],
    read_timeout: [1, () => ({ timeoutMs: positiveMs(args[0] ?? "", line) })],
    max_fails: [1, () => ({ maxFails: number(0) })],
    max_concurrent: [1, () => ({ concurrentMax: number(1) })],
    max_connect_attempts: [1, () => ({ attemptsMax: number(0) })],
    policy: [1, () => ({ policy: policyOf(args[0], line) })],
    failfast_all_unhealthy_upstreams: [0, () => ({ failFast: true })],
  };
  if (name === "except") {
    checkCount(option, 1, Number.POSITIVE_INFINITY);
    return { except: [...before.except, ...args.map((zone) => domainName(zone, line))] };
  }
  if (name === "failover") {
    checkCount(option, 1, Number.POSITIVE_INFINITY);
    return { failover: args.map((code) => failoverCode(code, line)) };
  }
  if (name === "health_check") return healthCheck(option);
  const found = Object.hasOwn(read, name) ? read[name] : undefined;
  if (found === undefined) throw unsupported(`option "${name}" of forward`, line);
  if (name === "tls" && args.length > 0) {
    throw unsupported('files of "tls"', line, "write tls alone: certificates are checked by Node's authorities");
  }
  checkCount(option, found[0]);
  return found[1]();
}

function healthCheck(option: Directive): Partial<ForwardConfig> {
  checkCount(option, 1, 3);
  const [duration = "", domain, name] = option.args;
  if (domain === "no_rec") throw unsupported('"no_rec" of health_check', option.line);
  if (domain !== undefined && (domain !== "domain" || name === undefined)) {
    throw new CorefileError(option.line, "write health_check DURATION domain NAME");
  }
  return {
    healthCheckMs: positiveMs(duration, option.line),
    ...(name !== undefined && { healthCheckName: domainName(name, option.line) }),
  };
}

function positiveMs(text: string, line: number): number {
  const ms = durationMs(text, line);
  if (ms < 1) throw new CorefileError(line, `"${text}" is too short: write at least 1ms`);
  return ms;
}

function policyOf(text: string | undefined, line: number): ForwardConfig["policy"] {
  const found = POLICIES.find((policy) => policy === text);
  if (found === undefined) throw new CorefileError(line, `"${text}" is no policy: write ${POLICIES.join(", ")}`);
  return found;
}

function failoverCode(text: string, line: number): string {
  if (!RCODES.includes(text))
    throw new CorefileError(line, `"${text}" is no code for failover: write ${RCODES.join(", ")}`);
  return text;
}
