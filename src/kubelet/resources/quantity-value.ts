const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimal: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** The value of a quantity such as `500m`, `2Gi` or `1e3`, as a double. Throws for anything else. */
export function quantityValue(quantity: string | number): number {
  const match = /^([+-]?[0-9.]+)(?:([eE][+-]?\d+)|([KMGTPE]i)|([numkMGTPE]?))$/.exec(String(quantity));
  const number = Number(match?.[1]);
  if (match === null || Number.isNaN(number)) throw new Error(`not a quantity: ${quantity}`);
  const [, digits, exponent, binarySuffix, decimalSuffix = ""] = match;
  if (exponent !== undefined) return Number(`${digits}${exponent}`);
  if (binarySuffix !== undefined) return number * 1024 ** binary.indexOf(binarySuffix);
  return Number(`${digits}e${decimal[decimalSuffix]}`);
}

/** In thousandths, rounded up as upstream rounds: what CPU is counted in. */
export function milliValue(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : Math.ceil(roundedAway(quantityValue(quantity) * 1000));
}

/** In whole units, rounded up: what bytes are counted in. */
export function wholeValue(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : Math.ceil(roundedAway(quantityValue(quantity)));
}

/** Takes away what binary fractions add: 0.1 * 1000 is a little more than 100. */
function roundedAway(value: number): number {
  return Number(value.toPrecision(15));
}
