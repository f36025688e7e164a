import type { Running } from "./running.ts";

/**
 * Waits for parts that are being started at once. When one cannot be, those that could are stopped, so that all may be
 * started again.
 *
 * @throws what the first part that failed did.
 */
export async function startTogether<T extends readonly Promise<Running>[]>(
  parts: readonly [...T],
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled<Running>(parts);
  const failed = settled.find((part) => part.status === "rejected");
  if (failed === undefined) return await Promise.all<readonly [...T]>(parts);
  await Promise.all(settled.map(async (part) => part.status === "fulfilled" && part.value.stop()));
  throw failed.reason;
}
