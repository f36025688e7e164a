/** A volume cannot be made ready now: what it comes from is missing, broken or not supported. Shown as `FailedMount`. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
}
