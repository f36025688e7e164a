import type { StageReporter } from "@fairlead/cluster/stages";
import type { CommandContext } from "./define-command.ts";

/**
 * Shows stages a line each: redrawn while it runs on a terminal, printed once it has ended elsewhere.
 *
 * `now` is in milliseconds.
 */
export function stageLines(context: CommandContext, now: () => number = () => performance.now()): StageReporter {
  return context.interactive ? liveLines(now) : plainLines(context);
}

function plainLines(context: CommandContext): StageReporter {
  return {
    begin: () => {},
    end: (stage, durationMs) => context.err(line("✓", stage, durationMs)),
    fail: (stage, durationMs) => context.err(line("✗", stage, durationMs)),
    note: (text) => context.err(text),
  };
}

const REDRAW_INTERVAL_MS = 100;

function liveLines(now: () => number): StageReporter {
  let timer: NodeJS.Timeout | undefined;
  const draw = (text: string) => process.stderr.write(`\r\u001b[K${text}`);
  const finish = (mark: string, stage: string, durationMs: number) => {
    clearInterval(timer);
    draw(`${line(mark, stage, durationMs)}\n`);
  };
  return {
    begin(stage) {
      const startedAt = now();
      draw(line("…", stage, 0));
      timer = setInterval(() => draw(line("…", stage, now() - startedAt)), REDRAW_INTERVAL_MS);
      timer.unref();
    },
    end: (stage, durationMs) => finish("✓", stage, durationMs),
    fail: (stage, durationMs) => finish("✗", stage, durationMs),
    note(text) {
      draw(`${text}\n`);
    },
  };
}

const STAGE_WIDTH = 20;

function line(mark: string, stage: string, durationMs: number): string {
  return ` ${mark} ${stage.padEnd(STAGE_WIDTH)} ${(durationMs / 1000).toFixed(2).padStart(6)} s`;
}
