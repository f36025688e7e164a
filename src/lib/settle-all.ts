/**
 * Waits until no promise is pending; then returns their values, or throws the first error in the order of the list.
 *
 * `Promise.all` throws at once, and the caller would go on beside work that is still under way.
 */
export async function settleAll<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
