import { ofCustomer } from "../customers/of-customer";
import { checkFilter } from "../pagination/check-filter";
import { allOf, oneOf } from "../pagination/conditions";
import { type Condition, type List } from "../pagination/list";
import { newestFirst } from "../pagination/order";
import { Contract } from "./contract.entity";
import { type ContractFilter } from "./contract.input";

const ORDER = newestFirst("contracts");

/** The contracts that a filter means, newest first. @throws BadUserInputError for a filter that does not fit */
export function contractList(filter: ContractFilter | null | undefined, ...others: Condition[]): List<Contract> {
  return { entity: Contract, order: ORDER, condition: allOf([...filterConditions(filter), ...others]) };
}

function filterConditions(filter: ContractFilter | null | undefined): Condition[] {
  if (!filter) return [];
  checkFilter(filter, ["filter"]);
  const conditions: Condition[] = [];
  if (filter.customer) conditions.push(ofCustomer(filter.customer, ["filter", "customer"]));
  if (filter.status) conditions.push(oneOf("status", filter.status));
  return conditions;
}
