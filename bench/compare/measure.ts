import { type RunningContender } from "./contender";
import { cpuTimeOf, cpuTimeWithChildren, residentMemory } from "./cpu-time";
import { httpRequest, runLoad } from "./load";
import { NUMBER, type Call, type Workload } from "./workloads";

/** One contender under one workload, once. */
export interface Sample {
  readonly contender: string;
  readonly workload: Workload;
  readonly round: number;
  readonly requestsPerSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of the server's process, in milliseconds a request. */
  readonly serverCpu: number;
  /** Of all of PostgreSQL, in milliseconds a request. */
  readonly postgresCpu: number;
  /** Of the server's process at the end, in MiB. */
  readonly memory: number;
}

export interface MeasureOptions {
  readonly postmasterPid: number;
  readonly connections: number;
  readonly seconds: number;
  readonly newNumber: () => string;
}

/** Puts a contender under a workload. */
export async function measure(
  running: RunningContender,
  workload: Workload,
  round: number,
  calls: readonly Call[],
  { postmasterPid, connections, seconds, newNumber }: MeasureOptions,
): Promise<Sample> {
  const requests = calls.map((call) => {
    const { path, body } = running.contender.request(workload, call);
    return httpRequest(path, call.tenant.token, JSON.stringify(body));
  });
  const ready = requests.map((request) => Buffer.from(request));
  let sent = 0;
  const next =
    workload === "M1"
      ? () => requests[sent++ % requests.length]?.replaceAll(NUMBER, newNumber()) ?? ""
      : () => ready[sent++ % ready.length] ?? "";

  const before = { server: cpuTimeOf(running.pid), postgres: cpuTimeWithChildren(postmasterPid) };
  const load = await runLoad(running.port, next, { connections, seconds });
  const after = { server: cpuTimeOf(running.pid), postgres: cpuTimeWithChildren(postmasterPid) };
  const at = (share: number): number => load.latencies[Math.floor(share * (load.requests - 1))] ?? Number.NaN;
  return {
    contender: running.contender.name,
    workload,
    round,
    requestsPerSecond: load.requests / load.seconds,
    p50: at(0.5),
    p99: at(0.99),
    serverCpu: (after.server - before.server) / load.requests,
    postgresCpu: (after.postgres - before.postgres) / load.requests,
    memory: residentMemory(running.pid),
  };
}
