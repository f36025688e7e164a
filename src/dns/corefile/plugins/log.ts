import type { LogClass, LogConfig } from "../../config/dns-config.ts";
import { CorefileError } from "../corefile-error.ts";
import { checkCount, domainName, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

/** CoreDNS's Common Log Format. */
export const COMMON_LOG_FORMAT =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}';
const COMBINED_LOG_FORMAT = `${COMMON_LOG_FORMAT} "{>opcode}"`;
const CLASSES = ["success", "denial", "error"] as const;
const PLACEHOLDERS = new Set([
  ...["type", "name", "class", "proto", "remote", "local", "size", "port", "duration", "rcode", "rsize"],
  ...[">rflags", ">bufsize", ">do", ">id", ">opcode"],
]);

/** `log [NAMES...] [FORMAT] { class CLASSES... }` */
export const readLog: ReadPlugin = ({ args, line, options }, { logs }) => {
  const last = args.length > 1 ? args.at(-1) : undefined;
  const hasFormat = last?.includes("{") === true;
  const format = hasFormat ? formatOf(last, line) : COMMON_LOG_FORMAT;
  const names = (hasFormat ? args.slice(0, -1) : args).map((zone) => domainName(zone, line));
  let classes: readonly LogClass[] = [];
  for (const option of options) {
    if (option.name !== "class") throw unsupported(`option "${option.name}" of log`, option.line);
    checkCount(option, 1, Number.POSITIVE_INFINITY);
    classes = option.args.includes("all") ? [] : option.args.map((text) => logClass(text, option.line));
  }
  const zones = names.length > 0 ? names : [""];
  return { logs: [...logs, ...zones.map((zone): LogConfig => ({ zone, format, classes }))] };
};

function formatOf(text: string, line: number): string {
  const format = text.replaceAll("{common}", COMMON_LOG_FORMAT).replaceAll("{combined}", COMBINED_LOG_FORMAT);
  for (const [placeholder, name = ""] of format.matchAll(/\{([^{}]*)\}/g)) {
    if (!PLACEHOLDERS.has(name)) throw unsupported(`placeholder "${placeholder}" of log`, line);
  }
  return format;
}

function logClass(text: string, line: number): LogClass {
  const found = CLASSES.find((name) => name === text);
  if (found === undefined) throw new CorefileError(line, `"${text}" is no class: write all, ${CLASSES.join(", ")}`);
  return found;
}
