import { type HostEntry, hostTables } from "../../config/hosts.ts";
import { CorefileError } from "../corefile-error.ts";
import type { Directive } from "../parse-corefile.ts";
import { checkCount, domainName, durationMs, integer, ipAddress, isIpAddress, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

const TTL_SECONDS = 3_600;
const TTL_SECONDS_MAX = 65_535;

/** `hosts { INLINE; ttl SECONDS; no_reverse; reload DURATION; fallthrough [ZONES...] }` */
export const readHosts: ReadPlugin = (directive, { zones, hosts }) => {
  const { args, line, options } = directive;
  if (hosts !== undefined) throw new CorefileError(line, "hosts is there twice in this server block");
  if (args.length > 0) throw unsupported(`file "${args[0]}" of hosts`, line, "write its lines into the block of hosts");
  const entries: HostEntry[] = [];
  let isReversed = true;
  let ttlSeconds = TTL_SECONDS;
  let fallthrough: readonly string[] = [];
  for (const option of options) {
    switch (option.name) {
      case "ttl":
        checkCount(option, 1);
        ttlSeconds = integer(option.args[0], option.line, { min: 1, max: TTL_SECONDS_MAX });
        break;
      case "no_reverse":
        checkCount(option, 0);
        isReversed = false;
        break;
      case "reload":
        // Of files; what is written here is in force at once.
        checkCount(option, 1);
        durationMs(option.args[0] ?? "", option.line);
        break;
      case "fallthrough":
        fallthrough = option.args.length === 0 ? zones : option.args.map((zone) => domainName(zone, option.line));
        break;
      default:
        entries.push(entry(option));
    }
  }
  return { hosts: { zones, ...hostTables(entries, { isReversed }), ttlSeconds, fallthrough } };
};

function entry(option: Directive): HostEntry {
  const { name, args, line } = option;
  if (!isIpAddress(name))
    throw unsupported(`option "${name}" of hosts`, line, "remove it, or begin the line with an address");
  checkCount(option, 1, Number.POSITIVE_INFINITY);
  return { address: ipAddress(name, line), names: args.map((text) => domainName(text, line)) };
}
