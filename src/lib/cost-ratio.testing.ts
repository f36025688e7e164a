/**
 * Measures how many times the work grows when its input becomes `factor` times as large.
 *
 * Compares CPU times of this thread in one run, the least of several each, so that a slow or busy machine changes nothing:
 * linear work gives about `factor`, quadratic work its square.
 *
 * @param prepare - Makes the input of a size, and returns the work on it.
 */
export function costRatio(prepare: (size: number) => () => unknown, size: number, factor: number): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  // Compiled and warmed up before anything is measured.
  for (let run = 0; run < 3; run++) small();
  let [leastSmall, leastLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < 3; run++) {
    leastSmall = Math.min(leastSmall, cpuMicroseconds(small));
    leastLarge = Math.min(leastLarge, cpuMicroseconds(large));
  }
  // What takes less than this is measured badly, and cheap enough at any rate.
  return leastLarge / Math.max(leastSmall, LEAST_MICROSECONDS);
}

const LEAST_MICROSECONDS = 200;

function cpuMicroseconds(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
