/** A lifecycle hook or a probe's action did not succeed; `message` says how, in upstream's words. */
export class HandlerError extends Error {
  override readonly name = "HandlerError";
}
