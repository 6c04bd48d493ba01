import { SingleBar } from "cli-progress";
import { type ImportProgress } from "../import/customer-import.service";

/** Lines come no more often than this. */
const LINE_INTERVAL_MS = 5000;

/** Shows how far an import is. */
export interface ProgressDisplay {
  update(progress: ImportProgress): void;
  /** What is written next starts on a line of its own. */
  stop(): void;
}

export interface ProgressOptions {
  /** Of the whole file; undefined: not known. */
  readonly sizeBytes: number | undefined;
  /** Of it, those that were imported before. */
  readonly startBytes: number;
  /** Progress goes to standard error: standard output holds what came of it. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** In milliseconds. */
  readonly now?: () => number;
}

/** A bar on a terminal, where it is known how long it has to be; plain lines elsewhere. */
export function showProgress(options: ProgressOptions): ProgressDisplay {
  return options.stream.isTTY && options.sizeBytes ? showBar(options) : showLines(options);
}

function showBar({ sizeBytes = 0, startBytes, stream }: ProgressOptions): ProgressDisplay {
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage}% | {created} created, {rejected} rejected | {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    etaBuffer: 50,
    hideCursor: true,
    linewrap: true,
    gracefulExit: false, // the command sees to signals
  });
  bar.start(sizeBytes, startBytes, { created: "0", rejected: "0" });
  return {
    update: ({ end, created, rejected }) => bar.update(end, { created: count(created), rejected: count(rejected) }),
    stop: () => bar.stop(),
  };
}

function showLines({ sizeBytes, stream, now = () => performance.now() }: ProgressOptions): ProgressDisplay {
  let told = now();
  return {
    update: ({ line, end, created, rejected }) => {
      if (now() - told < LINE_INTERVAL_MS) return;
      told = now();
      const part = sizeBytes ? ` (${Math.floor((100 * end) / sizeBytes)} %)` : "";
      stream.write(`Line ${count(line)}${part}: ${count(created)} created, ${count(rejected)} rejected\n`);
    },
    stop: () => undefined,
  };
}

/** A number for people: 12,000. */
export function count(number: number): string {
  return number.toLocaleString("en");
}
