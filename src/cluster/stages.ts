/** Reports the progress of a long operation to a person. */
export interface StageReporter {
  /** A stage begins. The one before must have ended. */
  begin(stage: string): void;
  /** The stage under way has ended well, `durationMs` after it began. */
  end(stage: string, durationMs: number): void;
  /** The stage under way has failed; why comes from elsewhere. */
  fail(stage: string, durationMs: number): void;
  /** Something worth a line of its own. */
  note(line: string): void;
}

/** Runs one stage and reports how it went. The caller reports why it failed. */
export async function stage<T>(reporter: StageReporter, name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  reporter.begin(name);
  try {
    const result = await work();
    reporter.end(name, performance.now() - startedAt);
    return result;
  } catch (error) {
    reporter.fail(name, performance.now() - startedAt);
    throw error;
  }
}
