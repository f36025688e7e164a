import { rcodes } from "./message.ts";

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(rcodes).map(([name, number]) => [number, name]));

/** The name of the code in a response's header, `RCODE6` for one that this server does not give. */
export function rcodeName(response: Uint8Array): string {
  const code = (response[3] ?? 0) & 0xf;
  return NAMES.get(code) ?? `RCODE${code}`;
}
