import { SingleBar } from "cli-progress";
import { count } from "./import-progress";

/** Lines come no more often than this. */
const LINE_INTERVAL_MS = 5000;

/** Shows how many of so many are done. */
export interface CountingDisplay {
  add(done: number): void;
  /** What is written next starts on a line of its own. */
  stop(): void;
}

/** A bar on a terminal, plain lines elsewhere; on standard error. */
export function showCounting(total: number, unit: string, stream = process.stderr): CountingDisplay {
  if (stream.isTTY && total > 0) {
    const bar = new SingleBar({
      stream,
      format: `{bar} {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 30,
      hideCursor: true,
      gracefulExit: false, // the command sees to signals
    });
    bar.start(total, 0);
    return { add: (done) => bar.increment(done), stop: () => bar.stop() };
  }
  let all = 0;
  let told = performance.now();
  return {
    add: (done) => {
      all += done;
      if (performance.now() - told < LINE_INTERVAL_MS) return;
      told = performance.now();
      stream.write(`${count(all)} of ${count(total)} ${unit}\n`);
    },
    stop: () => undefined,
  };
}
