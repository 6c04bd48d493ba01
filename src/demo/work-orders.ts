import { compareTimes } from "./calendar";
import { type Random, type Weighted } from "./random";
import { type AssetSeed, type DemoCustomer, type Priority, type WorkOrderStatus } from "./seeds";
import { type Setting } from "./setting";
import { type AssetCategory } from "./wording";

type DemoWorkOrder = DemoCustomer["workOrders"][number];

const states: readonly Weighted<WorkOrderStatus>[] = [
  ["COMPLETED", 56],
  ["SCHEDULED", 14],
  ["OPEN", 10],
  ["IN_PROGRESS", 6],
  ["ON_HOLD", 5],
  ["CANCELLED", 9],
];
const finalStates = states.filter(([state]) => isFinal(state));

const priorities: readonly Weighted<Priority>[] = [
  ["LOW", 15],
  ["NORMAL", 55],
  ["HIGH", 22],
  ["URGENT", 8],
];

/** First and last day on which work in a state may be planned, counted from the reference day. */
const days: Record<WorkOrderStatus, readonly [first: number, last: number]> = {
  COMPLETED: [-720, -2],
  CANCELLED: [-540, 14],
  IN_PROGRESS: [-3, -1],
  ON_HOLD: [-25, -2],
  SCHEDULED: [0, 28],
  OPEN: [3, 40],
};

/** The customer's work orders, in the order planned, those without a date last; none for leads and prospects, and for some of the others. */
export function makeWorkOrders(setting: Setting, assets: readonly AssetSeed[]): DemoWorkOrder[] {
  const workOrders = setting.random.times(workOrderCount(setting), () => makeWorkOrder(setting, assets));
  return workOrders.sort((a, b) => compareTimes(a.scheduledAt, b.scheduledAt));
}

function workOrderCount({ random, status }: Setting): number {
  if (status === "lead" || status === "prospect") return 0;
  return random.weighted([
    [0, 24],
    [random.int(1, 3), 46],
    [random.int(4, 9), 22],
    [random.int(10, 18), 10],
  ]);
}

function makeWorkOrder(setting: Setting, assets: readonly AssetSeed[]): DemoWorkOrder {
  const { random, country, calendar } = setting;
  const status = random.weighted(setting.status === "active" ? states : finalStates);
  const isPlanned = status !== "OPEN" || random.chance(0.25);
  const planned = calendar.workingInstant(random.int(...days[status]), random.int(28, 66) / 4, country.utcOffsetHours);
  const asset = random.chance(0.85) ? pickAsset(random, assets, status, planned) : undefined;
  return {
    title: random.pick(asset ? country.wording.assets[asset.category].tasks : country.wording.otherTasks),
    ...random.maybe(0.4, () => ({ description: random.pick(country.wording.taskDetails) })),
    status,
    priority: random.weighted(priorities),
    ...(isPlanned && { scheduledAt: planned }),
    ...(asset && { asset: asset.index }),
  };
}

/** One that was installed by then, and is still there unless the work is over. */
function pickAsset(random: Random, assets: readonly AssetSeed[], status: WorkOrderStatus, planned: string) {
  const candidates = assets.flatMap((asset, index) => {
    const isThere = (asset.installedOn ?? "") < planned && (asset.status !== "RETIRED" || isFinal(status));
    return isThere ? [{ index, category: asset.category as AssetCategory }] : []; // made from that list
  });
  return candidates.length > 0 ? random.pick(candidates) : undefined;
}

function isFinal(status: WorkOrderStatus): boolean {
  return status === "COMPLETED" || status === "CANCELLED";
}
