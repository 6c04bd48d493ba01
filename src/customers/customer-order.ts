import { Order, type OrderColumn } from "../pagination/order";
import { type CustomerOrderField, OrderDirection, type CustomerOrder } from "./customer.filter";

const COLUMNS: Record<CustomerOrderField, Omit<OrderColumn, "descending">> = {
  CREATED_AT: { name: "CREATED_AT", column: "created_at", property: "createdAt", type: "timestamptz" },
  UPDATED_AT: { name: "UPDATED_AT", column: "updated_at", property: "updatedAt", type: "timestamptz" },
  NAME: { name: "NAME", column: "name_folded", property: "nameFolded", type: "text" },
  CODE: { name: "CODE", column: "code_folded", property: "codeFolded", type: "text" },
};

/** The order of a list of customers: by creation, newest last, unless asked otherwise. A field given twice counts once. */
export function customerOrder(orderBy: readonly CustomerOrder[] | null | undefined): Order {
  const wanted = new Map<CustomerOrderField, OrderColumn>();
  for (const { field, direction } of orderBy ?? []) {
    if (!wanted.has(field)) wanted.set(field, { ...COLUMNS[field], descending: direction === OrderDirection.DESC });
  }
  const byCreation = { ...COLUMNS.CREATED_AT, descending: false };
  return new Order("customers", wanted.size > 0 ? [...wanted.values()] : [byCreation]);
}
