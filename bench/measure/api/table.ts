import type { Figure } from "./figure.ts";

const WIDTHS = [50, 14, 14, 7, 11, 11, 7, 0];

/** The line above the figures. */
export function heading(hasPeer: boolean): string {
  return hasPeer
    ? line(["", "ours", "peer", "times", "CPU: ours", "peer", "times", "clients' CPU"])
    : line(["", "ours", "", "", "CPU", "", "", "clients' CPU"]);
}

/** One figure of ours, beside the peer's: `times` says how many times better ours is. */
export function figureLine(ours: Figure, peer: Figure | undefined): string {
  const times = peer === undefined ? undefined : ratio(ours.better, ours.value, peer.value);
  return line([
    ours.name,
    `${rounded(ours.value)} ${ours.unit}`,
    peer === undefined ? "" : `${rounded(peer.value)} ${peer.unit}`,
    timesText(times),
    secondsText(ours.server),
    secondsText(peer?.server),
    timesText(ratio("less", ours.server, peer?.server)),
    [ours, peer].flatMap((figure) => (figure?.clients === undefined ? [] : [percentText(figure.clients)])).join(", "),
  ]);
}

function ratio(better: "more" | "less", ours: number | undefined, peer: number | undefined): number | undefined {
  if (ours === undefined || peer === undefined) return undefined;
  return better === "more" ? ours / peer : peer / ours;
}

function line(columns: readonly string[]): string {
  return columns
    .map((text, at) => text.padEnd(WIDTHS[at] ?? 0))
    .join(" ")
    .trimEnd();
}

function rounded(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

function timesText(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(value < 10 ? 2 : 1);
}

function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function secondsText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  return seconds < 0.001 ? `${rounded(seconds * 1e6)} µs` : `${rounded(seconds * 1000)} ms`;
}
