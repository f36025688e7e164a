/**
 * Measures how many times the work grows when its input becomes `factor` times as large.
 *
 * Compares CPU times of this thread in one run, so that a slow machine changes nothing: linear work gives about `factor`,
 * quadratic work its square. What else the machine does can only make a measurement worse: the best of several counts.
 *
 * @param prepare - Makes the input of a size, and returns the work on it.
 */
export function costRatio(prepare: (size: number) => () => unknown, size: number, factor: number): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && best > factor * 2; attempt++) {
    best = Math.min(best, microsecondsPerRun(large) / microsecondsPerRun(small));
  }
  return best;
}

/** Measures the CPU time of this thread that one run takes, in microseconds: the least of several measurements. */
export function leastMicroseconds(work: () => unknown): number {
  return Math.min(...Array.from({ length: ATTEMPTS }, () => microsecondsPerRun(work)));
}

const ATTEMPTS = 6;
/** The kernel counts CPU time in ticks of some milliseconds: less cannot be compared. */
const LEAST_MEASURED_MICROSECONDS = 40_000;

function microsecondsPerRun(work: () => unknown): number {
  const before = process.threadCpuUsage();
  for (let runs = 1; ; runs++) {
    work();
    const { user, system } = process.threadCpuUsage(before);
    if (user + system >= LEAST_MEASURED_MICROSECONDS) return (user + system) / runs;
  }
}
