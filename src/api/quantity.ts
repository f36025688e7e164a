/**
 * Resource quantities such as `500m`, `2Gi` and `1e3`: exact, as upstream's `resource.Quantity`.
 *
 * The amount is kept as a whole number of nanos, the smallest that upstream distinguishes.
 */

/** How a quantity is written: with `Ki`, `Mi`…; with `m`, `k`, `M`…; or with an exponent. */
export type QuantityFormat = "BinarySI" | "DecimalSI" | "DecimalExponent";

/** An exact amount, and how it was written. */
export interface Quantity {
  /** 10⁻⁹ of the unit. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const NANOS = 1_000_000_000n;
/** The largest amount a binary quantity may have; larger ones are cut down to it. */
const BINARY_MAX = (2n ** 63n - 1n) * NANOS;

const BINARY_SUFFIXES: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** From 10⁻⁹ upwards, in steps of 1000. */
const DECIMAL_SUFFIXES: readonly string[] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

const FORMAT_WRONG = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const SUFFIX_WRONG = "unable to parse quantity's suffix";
const NUMBER_WRONG = "unable to parse numeric part of quantity";
/** Beyond this no exponent is meant in earnest, and 10ⁿ would take all memory. */
const EXPONENT_MAX = 100;

/** Parses a quantity; `error` is upstream's message. Amounts below a nano are rounded up to one. */
export function parseQuantity(text: string): Quantity | { readonly error: string } {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (match === null || text === "") return { error: FORMAT_WRONG };
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") return { error: text === "+" || text === "-" ? FORMAT_WRONG : NUMBER_WRONG };

  const unit = unitOf(suffix);
  if (unit === undefined) return { error: SUFFIX_WRONG };

  const digits = BigInt(whole + fraction);
  const numerator = digits * unit.numerator * NANOS;
  const amount = dividedUp(numerator, unit.denominator * 10n ** BigInt(fraction.length));
  const capped = unit.format === "BinarySI" && amount > BINARY_MAX ? BINARY_MAX : amount;
  const format = unit.format === "BinarySI" && capped > 0n && capped < NANOS ? "DecimalSI" : unit.format;
  return { nanos: sign === "-" ? -capped : capped, format };
}

interface Unit {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly format: QuantityFormat;
}

function unitOf(suffix: string): Unit | undefined {
  const decimal = DECIMAL_SUFFIXES.indexOf(suffix);
  if (decimal !== -1) return powerOfTen((decimal - 3) * 3, "DecimalSI");
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary !== -1) return { numerator: 1024n ** BigInt(binary), denominator: 1n, format: "BinarySI" };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > EXPONENT_MAX) return undefined;
  return powerOfTen(Number(exponent), "DecimalExponent");
}

function powerOfTen(exponent: number, format: QuantityFormat): Unit {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? { numerator: 1n, denominator: power, format } : { numerator: power, denominator: 1n, format };
}

function dividedUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** The one way to write this quantity: no fraction, the largest unit that leaves a whole number. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  if (format === "BinarySI" && isBinary(nanos)) return formatBinary(nanos / NANOS);
  const { mantissa, exponent } = thousands(nanos, format === "DecimalExponent" ? EXPONENT_MAX : 18);
  if (format !== "DecimalExponent") return `${mantissa}${DECIMAL_SUFFIXES[exponent / 3 + 3] ?? `e${exponent}`}`;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
}

/** Small and fractional amounts are written in decimal, which loses nothing. */
function isBinary(nanos: bigint): boolean {
  const magnitude = nanos < 0n ? -nanos : nanos;
  return magnitude >= 1024n * NANOS && nanos % NANOS === 0n;
}

function formatBinary(amount: bigint): string {
  let mantissa = amount;
  let power = 0;
  while (mantissa % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${BINARY_SUFFIXES[power]}`;
}

/** `nanos` × 10⁻⁹ as mantissa × 10^exponent, the exponent a multiple of 3 and as large as it can be below `max`. */
function thousands(nanos: bigint, max: number): { mantissa: bigint; exponent: number } {
  let mantissa = nanos;
  let exponent = -9;
  while (mantissa % 1000n === 0n && exponent < max) {
    mantissa /= 1000n;
    exponent += 3;
  }
  return { mantissa, exponent };
}

/** `1024Mi` → `1Gi`, `0.5` → `500m`; or upstream's message. */
export function canonicalQuantity(text: string): { readonly text: string } | { readonly error: string } {
  const parsed = parseQuantity(text);
  return "error" in parsed ? parsed : { text: formatQuantity(parsed) };
}

/** A quantity that is known to be one, for example from a stored object. Anything else counts as zero. */
export function quantityOf(text: string | undefined): Quantity {
  const parsed = text === undefined ? undefined : parseQuantity(text);
  return parsed === undefined || "error" in parsed ? { nanos: 0n, format: "DecimalSI" } : parsed;
}

/** The sum, in the first one's format; in the second's when the first is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** The difference, in the first one's format; in the second's when the first is zero. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The whole units, a fraction rounded up, as upstream's `Value()`. */
export function quantityValue({ nanos }: Quantity): bigint {
  return roundedUp(nanos, NANOS);
}

/** The thousandths, a fraction rounded up, as upstream's `MilliValue()`: CPU in millicores. */
export function quantityMilliValue({ nanos }: Quantity): bigint {
  return roundedUp(nanos, 1_000_000n);
}

/** Away from zero, as upstream rounds. */
function roundedUp(nanos: bigint, unit: bigint): bigint {
  return nanos < 0n ? -dividedUp(-nanos, unit) : dividedUp(nanos, unit);
}
