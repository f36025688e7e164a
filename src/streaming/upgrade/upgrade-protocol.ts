/** Protocols that a streaming request may ask to go on in. */
export type UpgradeProtocol = "spdy" | "websocket";

/** What the `Upgrade` header asks for; undefined when it is something else, or not there. */
export function upgradeProtocol(upgradeHeader: string | undefined): UpgradeProtocol | undefined {
  switch (upgradeHeader?.trim().toLowerCase()) {
    case "spdy/3.1":
      return "spdy";
    case "websocket":
      return "websocket";
    default:
      return undefined;
  }
}

/** The values of a header that may list several, on one line or on many. */
export function listedValues(header: string | readonly string[] | undefined): string[] {
  const lines = header === undefined ? [] : typeof header === "string" ? [header] : header;
  return lines.flatMap((line) => line.split(",")).flatMap((value) => (value.trim() === "" ? [] : [value.trim()]));
}

/** The first protocol of the client's that the server speaks too; undefined when there is none. */
export function negotiate(offered: readonly string[], spoken: readonly string[]): string | undefined {
  return offered.find((name) => spoken.includes(name));
}
