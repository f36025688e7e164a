/** The annotation with the number of the write that changed a pod. */
export const WRITTEN = "bench.fairlead/written";
