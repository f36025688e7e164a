import { quantityMilliValue, quantityOf, quantityValue } from "@fairlead/api/quantity";

/** In thousandths, rounded up: what CPU is counted in. Absent is 0. */
export function milliValue(quantity: string | undefined): number {
  return Number(quantityMilliValue(quantityOf(quantity)));
}

/** In whole units, rounded up: what bytes are counted in. Absent is 0. */
export function wholeValue(quantity: string | undefined): number {
  return Number(quantityValue(quantityOf(quantity)));
}
