import { ofCustomer } from "../customers/of-customer";
import { checkFilter } from "../pagination/check-filter";
import { allOf, between, oneOf } from "../pagination/conditions";
import { type Condition, type List } from "../pagination/list";
import { newestFirst } from "../pagination/order";
import { possibleIds } from "../validation/uuid";
import { WorkOrder } from "./work-order.entity";
import { type WorkOrderFilter } from "./work-order.input";

const ORDER = newestFirst("workOrders");

/** The work orders that a filter means, newest first. @throws BadUserInputError for a filter that does not fit */
export function workOrderList(filter: WorkOrderFilter | null | undefined, ...others: Condition[]): List<WorkOrder> {
  return { entity: WorkOrder, order: ORDER, condition: allOf([...filterConditions(filter), ...others]) };
}

function filterConditions(filter: WorkOrderFilter | null | undefined): Condition[] {
  if (!filter) return [];
  checkFilter(filter, ["filter"]);
  const { customer, asset, status, priority, active, scheduledAt } = filter;
  const conditions: Condition[] = [];
  if (customer) conditions.push(ofCustomer(customer, ["filter", "customer"]));
  if (asset !== undefined) conditions.push(oneOf("asset_id", possibleIds([asset]), "uuid"));
  if (status) conditions.push(oneOf("status", status));
  if (priority) conditions.push(oneOf("priority", priority));
  if (active !== undefined) conditions.push((alias) => `${active ? "" : "not "}${alias}.is_active`);
  if (scheduledAt) conditions.push(between("scheduled_at", scheduledAt.from, scheduledAt.before, "timestamptz"));
  return conditions;
}
