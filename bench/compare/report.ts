import { type Contender } from "./contender";
import { type Sample } from "./measure";
import { WORKLOADS, type Workload } from "./workloads";

/** What Clientele is to reach: multiples of requests a second, and shares of processor time. */
interface Targets {
  readonly ofPostGraphile: number;
  readonly ofLimit: number;
  readonly cpuOfPostGraphile: number;
}

const TARGETS: Record<Workload, Targets> = {
  Q1: { ofPostGraphile: 2.5, ofLimit: 0.7, cpuOfPostGraphile: 0.45 },
  Q2: { ofPostGraphile: 2.2, ofLimit: 0.55, cpuOfPostGraphile: 0.45 },
  Q3: { ofPostGraphile: 2.0, ofLimit: 0.65, cpuOfPostGraphile: 0.5 },
  Q4: { ofPostGraphile: 2.2, ofLimit: 0.6, cpuOfPostGraphile: 0.5 },
  Q5: { ofPostGraphile: 2.0, ofLimit: 0.6, cpuOfPostGraphile: 0.5 },
  M1: { ofPostGraphile: 1.3, ofLimit: 0.4, cpuOfPostGraphile: 0.75 },
};
const MOST_MEMORY = 200;

type Figure = "requestsPerSecond" | "p50" | "p99" | "serverCpu" | "postgresCpu" | "memory";

/** The medians of all rounds as a Markdown table; ratios are those of the medians. */
export function markdownTable(samples: readonly Sample[], contenders: readonly Contender[]): string {
  const header = [
    "",
    "",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU server ms",
    "CPU PostgreSQL ms",
    "memory MiB",
    "× PostGraphile",
    "× limit",
    "CPU ÷ PostGraphile's",
  ];
  const lines = [header, header.map((_, column) => (column < 2 ? "---" : "---:"))];
  for (const workload of Object.keys(WORKLOADS) as Workload[]) {
    for (const { name, title } of contenders) {
      const row = new Medians(samples, workload, name);
      if (row.isEmpty) continue;
      lines.push([
        workload,
        title,
        ...row.cells(new Medians(samples, workload, "postgraphile"), new Medians(samples, workload, "limit")),
      ]);
    }
  }
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** One contender's figures under one workload. */
class Medians {
  private readonly samples: readonly Sample[];

  constructor(
    samples: readonly Sample[],
    private readonly workload: Workload,
    private readonly contender: string,
  ) {
    this.samples = samples.filter((sample) => sample.workload === workload && sample.contender === contender);
  }

  get isEmpty(): boolean {
    return this.samples.length === 0;
  }

  /** NaN where there is no sample. */
  of(figure: Figure): number {
    const sorted = this.samples.map((sample) => sample[figure]).sort((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  }

  /** Of server and PostgreSQL. */
  get cpu(): number {
    return this.of("serverCpu") + this.of("postgresCpu");
  }

  cells(postgraphile: Medians, limit: Medians): string[] {
    const targets = this.contender === "clientele" ? TARGETS[this.workload] : undefined;
    const rate = this.of("requestsPerSecond");
    return [
      rate.toFixed(0),
      this.of("p50").toFixed(1),
      this.of("p99").toFixed(1),
      this.of("serverCpu").toFixed(3),
      this.of("postgresCpu").toFixed(3),
      withTarget(this.of("memory"), 0, "≤", targets && MOST_MEMORY),
      withTarget(rate / postgraphile.of("requestsPerSecond"), 2, "≥", targets?.ofPostGraphile),
      withTarget(rate / limit.of("requestsPerSecond"), 2, "≥", targets?.ofLimit),
      withTarget(this.cpu / postgraphile.cpu, 2, "≤", targets?.cpuOfPostGraphile),
    ];
  }
}

/** A figure, and beside it what it is to be; bold where it is not. */
function withTarget(value: number, digits: number, sign: "≥" | "≤", target: number | undefined): string {
  if (Number.isNaN(value)) return "";
  const text = value.toFixed(digits);
  if (target === undefined) return text;
  const isReached = sign === "≥" ? value >= target : value <= target;
  return `${isReached ? text : `**${text}**`} (${sign} ${target})`;
}
