/** One line of a container's log file, in the CRI format: `2016-10-06T00:17:09.669794202Z stdout F the text`. */
export interface LogLine {
  /** RFC 3339 with up to nine digits, as the runtime wrote it. */
  readonly timestamp: string;
  readonly stream: "stdout" | "stderr";
  /** The program's line goes on in the next log line. */
  readonly partial: boolean;
  /** With its line feed, unless it is partial or the file's last. */
  readonly text: Buffer;
}

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** @returns undefined for a line of another form, which readers pass over. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(SPACE);
  const second = first < 0 ? -1 : line.indexOf(SPACE, first + 1);
  if (second < 0) return undefined;
  // Runtimes write the tag's space even before an empty text.
  const third = line.indexOf(SPACE, second + 1);
  if (third < 0) return undefined;

  const timestamp = line.toString("latin1", 0, first);
  const stream = line.toString("latin1", first + 1, second);
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  if (Number.isNaN(Date.parse(timestamp))) return undefined;
  const partial = line.toString("latin1", second + 1, third).split(":")[0] === "P";
  const end = partial && line.at(-1) === LINE_FEED ? line.length - 1 : line.length;
  return { timestamp, stream, partial, text: line.subarray(third + 1, end) };
}

/** The timestamp with all nine digits of its fraction, so that columns line up. */
export function fixedTimestamp(timestamp: string): string {
  return timestamp.replace(/(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/, (_, fraction: string | undefined, zone: string) => {
    return `.${(fraction ?? "").padEnd(9, "0").slice(0, 9)}${zone}`;
  });
}
