import { ofCustomer } from "../customers/of-customer";
import { checkFilter } from "../pagination/check-filter";
import { allOf, between, oneOf } from "../pagination/conditions";
import { type Condition, type List } from "../pagination/list";
import { newestFirst } from "../pagination/order";
import { Invoice } from "./invoice.entity";
import { type InvoiceFilter } from "./invoice.input";

const ORDER = newestFirst("invoices");

/** The invoices that a filter means, newest first. @throws BadUserInputError for a filter that does not fit */
export function invoiceList(filter: InvoiceFilter | null | undefined, ...others: Condition[]): List<Invoice> {
  return { entity: Invoice, order: ORDER, condition: allOf([...filterConditions(filter), ...others]) };
}

function filterConditions(filter: InvoiceFilter | null | undefined): Condition[] {
  if (!filter) return [];
  checkFilter(filter, ["filter"]);
  const conditions: Condition[] = [];
  if (filter.customer) conditions.push(ofCustomer(filter.customer, ["filter", "customer"]));
  if (filter.status) conditions.push(oneOf("status", filter.status));
  if (filter.dueOn) conditions.push(between("due_on", filter.dueOn.from, filter.dueOn.before, "date"));
  return conditions;
}
