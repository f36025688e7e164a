import { isBelow, isBelowAny, type KubernetesConfig } from "../../config/dns-config.ts";
import { CorefileError } from "../corefile-error.ts";
import { checkCount, domainName, integer, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

const TTL_SECONDS = 5;
const TTL_SECONDS_MAX = 3_600;
const REVERSE_ZONES = ["in-addr.arpa", "ip6.arpa"];

/** `kubernetes [ZONES...] { pods insecure|disabled; ttl SECONDS; fallthrough [ZONES...] }` */
export const readKubernetes: ReadPlugin = ({ args, line, options }, server, { clusterDomain }) => {
  if (server.kubernetes !== undefined) throw new CorefileError(line, "kubernetes is there twice in this server block");
  const zones = args.length === 0 ? server.zones : args.map((zone) => domainName(zone, line));
  for (const zone of zones) {
    if (zone === clusterDomain || isBelowAny(zone, REVERSE_ZONES)) continue;
    const known = [clusterDomain, ...REVERSE_ZONES].join(", ");
    throw unsupported(`zone "${zone}." of kubernetes`, line, `this cluster's zones are ${known}`);
  }
  let config: KubernetesConfig = { zones, ttlSeconds: TTL_SECONDS, podNames: false, fallthrough: [] };
  for (const option of options) {
    switch (option.name) {
      case "ttl":
        checkCount(option, 1);
        config = { ...config, ttlSeconds: integer(option.args[0], option.line, { min: 0, max: TTL_SECONDS_MAX }) };
        break;
      case "pods":
        checkCount(option, 1);
        config = { ...config, podNames: podNames(option.args[0], option.line) };
        break;
      case "fallthrough":
        config = {
          ...config,
          fallthrough: option.args.length === 0 ? zones : option.args.map((zone) => domainName(zone, option.line)),
        };
        break;
      default:
        throw unsupported(`option "${option.name}" of kubernetes`, option.line);
    }
  }
  if (!zones.some((zone) => server.zones.some((own) => isBelow(zone, own) || isBelow(own, zone)))) {
    throw new CorefileError(line, "kubernetes has no zone of this server block");
  }
  return { kubernetes: config };
};

function podNames(mode: string | undefined, line: number): boolean {
  if (mode === "insecure") return true;
  if (mode === "disabled") return false;
  throw unsupported(`"pods ${mode}" of kubernetes`, line, "use pods insecure or pods disabled");
}
