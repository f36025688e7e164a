/**
 * Something that is read and then followed, whenever the function that is returned is called: one read after the other, so
 * that what was read earlier is not followed later.
 *
 * What is followed may take its time: the next is begun meanwhile.
 */
export function followInTurn<T>(read: () => Promise<T>, follow: (value: T) => Promise<void>): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return async () => {
    const reading = last.then(read);
    // Its caller reports one that fails; the next one is tried all the same.
    last = reading.catch(() => {});
    await follow(await reading);
  };
}
