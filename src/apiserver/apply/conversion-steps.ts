import type { JsonObject } from "@fairlead/api/patch/json-object";

/** An object that is needed in another version of its resource. Both versions are served. */
export interface ConversionRequest {
  readonly object: JsonObject;
  /** `apiVersion` of {@link object}. */
  readonly from: string;
  readonly to: string;
}

/**
 * A computation that asks for conversions on its way, which may take a webhook's time: it yields each request and goes on
 * with the converted object. It does nothing else but compute.
 */
export type ConversionSteps<T> = Generator<ConversionRequest, T, JsonObject>;

/** Returns an object in another version; the object itself where that is its own. */
export function* inVersion(object: JsonObject, from: string, to: string): ConversionSteps<JsonObject> {
  return from === to ? object : yield { object, from, to };
}

/** Carries out a computation. */
export async function converting<T>(
  steps: ConversionSteps<T>,
  convert: (request: ConversionRequest) => Promise<JsonObject>,
): Promise<T> {
  let step = steps.next();
  while (step.done !== true) step = steps.next(await convert(step.value));
  return step.value;
}

/**
 * Carries out a computation about a resource with one version.
 *
 * @throws {Error} when it asks for a conversion.
 */
export function inOneStep<T>(steps: ConversionSteps<T>): T {
  const step = steps.next();
  if (step.done !== true) throw new Error(`No conversion from ${step.value.from} to ${step.value.to} was expected`);
  return step.value;
}
