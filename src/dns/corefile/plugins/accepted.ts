import { CorefileError } from "../corefile-error.ts";
import { checkCount, checkNoOptions, durationMs, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

/** `errors`: failures are always logged. */
export const readErrors: ReadPlugin = (directive) => {
  checkNoOptions(directive);
  checkCount(directive, 0, 1);
  if (directive.args.length > 0 && directive.args[0] !== "stdout") {
    throw unsupported(`"errors ${directive.args[0]}"`, directive.line, "write errors alone");
  }
  return {};
};

/** `health [ADDRESS] { lameduck DURATION }`: the node's program watches this server, and it drains when it stops. */
export const readHealth: ReadPlugin = (directive) => {
  checkCount(directive, 0, 1);
  for (const option of directive.options) {
    if (option.name !== "lameduck") throw unsupported(`option "${option.name}" of health`, option.line);
    checkCount(option, 1);
    durationMs(option.args[0] ?? "", option.line);
  }
  return {};
};

/** `ready [ADDRESS]`: the server publishes itself once it answers. */
export const readReady: ReadPlugin = (directive) => {
  checkNoOptions(directive);
  checkCount(directive, 0, 1);
  return {};
};

/** `prometheus [ADDRESS]`: always on. */
export const readPrometheus: ReadPlugin = (directive, _, { metricsPort }) => {
  checkNoOptions(directive);
  checkCount(directive, 0, 1);
  const [address] = directive.args;
  const port = /:(\d+)$/.exec(address ?? ":9153")?.[1];
  if (metricsPort !== false && port !== String(metricsPort)) {
    throw unsupported(`"prometheus ${address}"`, directive.line, `write prometheus :${metricsPort}`);
  }
  return {};
};

/** `reload [INTERVAL] [JITTER]`: changes are in force at once. */
export const readReload: ReadPlugin = (directive) => {
  checkNoOptions(directive);
  checkCount(directive, 0, 2);
  for (const duration of directive.args) durationMs(duration, directive.line);
  return {};
};

/** `loadbalance [round_robin]`: addresses always take turns. */
export const readLoadbalance: ReadPlugin = (directive) => {
  checkNoOptions(directive);
  checkCount(directive, 0, Number.POSITIVE_INFINITY);
  const [policy] = directive.args;
  if (policy !== undefined && (policy !== "round_robin" || directive.args.length > 1)) {
    throw unsupported(`"loadbalance ${directive.args.join(" ")}"`, directive.line, "use loadbalance round_robin");
  }
  return {};
};

/** `loop` */
export const readLoop: ReadPlugin = (directive, { detectsLoops }) => {
  checkNoOptions(directive);
  checkCount(directive, 0);
  if (detectsLoops) throw new CorefileError(directive.line, "loop is there twice in this server block");
  return { detectsLoops: true };
};
