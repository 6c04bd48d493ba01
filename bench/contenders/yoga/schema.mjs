import { Buffer } from "node:buffer";
import SchemaBuilder from "@pothos/core";
import DataloaderPlugin from "@pothos/plugin-dataloader";
import { sql } from "kysely";
import { mask } from "../new-customer.mjs";
import { ASSET, BANK_ACCOUNT, CONTACT, CUSTOMER, WORK_ORDER } from "./columns.mjs";
import { addCreateCustomer } from "./create-customer.mjs";

const builder = new SchemaBuilder({ plugins: [DataloaderPlugin] });

builder.scalarType("DateTime", { serialize: (date) => date.toISOString() });

const strings = (t, ...names) =>
  Object.fromEntries(names.map((name) => [name, t.exposeString(name, { nullable: true })]));
const dateTime = (t, name, options) => t.field({ type: "DateTime", ...options, resolve: (row) => row[name] });

const Term = builder.objectRef("Term").implement({ fields: (t) => strings(t, "code", "name") });
const Address = builder.objectRef("Address").implement({
  fields: (t) => strings(t, "country", "city", "district", "street", "postalCode"),
});
const Contact = builder.objectRef("Contact").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    ...strings(t, "name", "title", "email", "phone"),
    isPrimary: t.exposeBoolean("isPrimary"),
  }),
});
const BankAccount = builder.objectRef("BankAccount").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    ...strings(t, "bankCode", "bankName", "accountHolderName"),
    maskedAccountNumber: t.string({ resolve: ({ lastFour, length }) => mask(lastFour, length) }),
  }),
});
const Asset = builder.objectRef("Asset").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    ...strings(t, "code", "name", "category", "manufacturer", "model", "serialNumber", "status", "location"),
  }),
});
const WorkOrder = builder.objectRef("WorkOrder").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    ...strings(t, "code", "title", "description", "status", "priority"),
    scheduledAt: dateTime(t, "scheduledAt", { nullable: true }),
    createdAt: dateTime(t, "createdAt"),
    asset: one(t, Asset, "assets", ASSET, "assetId"),
  }),
});
const Customer = builder.objectRef("Customer").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    ...strings(t, "code", "kind", "name", "email", "taxId"),
    phones: t.exposeStringList("phones"),
    tags: t.exposeStringList("tags"),
    version: t.exposeInt("version"),
    createdAt: dateTime(t, "createdAt"),
    updatedAt: dateTime(t, "updatedAt"),
    address: t.field({ type: Address, nullable: true, resolve: ({ address }) => address }),
    status: one(t, Term, "customer_statuses", ["id", "code", "name"], "statusId"),
    type: one(t, Term, "customer_types", ["id", "code", "name"], "typeId"),
    group: one(t, Term, "customer_groups", ["id", "code", "name"], "groupId"),
    branch: one(t, Term, "branches", ["id", "code", "name"], "branchId"),
    contacts: many(t, Contact, "contacts", CONTACT, [["is_primary", "desc"], ["id"]]),
    bankAccounts: many(t, BankAccount, "bank_accounts", BANK_ACCOUNT, [["id"]]),
    assets: firstOfEach(t, Asset, "assets", ASSET, [["code_folded"], ["id"]]),
    workOrders: firstOfEach(t, WorkOrder, "work_orders", WORK_ORDER, [
      ["created_at", "desc"],
      ["id", "desc"],
    ]),
  }),
});

/** The row that a column of the parent names, by a DataLoader. */
function one(t, type, table, columns, key) {
  return t.loadable({
    type,
    nullable: true,
    resolve: (parent) => parent[key],
    sort: ({ id }) => id,
    load: (ids, { tenantId, transaction }) =>
      transaction.selectFrom(table).select(columns).where("tenant_id", "=", tenantId).where("id", "in", ids).execute(),
  });
}

/** A customer's rows of a table, by a DataLoader. */
function many(t, type, table, columns, order) {
  return t.loadableGroup({
    type,
    resolve: ({ id }) => id,
    group: ({ customerId }) => customerId,
    load: (ids, { tenantId, transaction }) =>
      ordered(transaction.selectFrom(table).select(columns), order)
        .where("tenant_id", "=", tenantId)
        .where("customer_id", "in", ids)
        .execute(),
  });
}

/** So many of a customer's rows of a table, by a DataLoader: one statement for all customers. */
function firstOfEach(t, type, table, columns, order) {
  return t.loadableGroup({
    type,
    args: { first: t.arg.int({ required: true }) },
    byPath: true, // so that the arguments are known
    resolve: ({ id }) => id,
    group: ({ customerId }) => customerId,
    load: (ids, { tenantId, transaction }, { first }) =>
      transaction
        .selectFrom(sql`unnest(${ids}::uuid[])`.as(sql`parent (parent_id)`))
        .innerJoinLateral(
          ({ selectFrom }) =>
            ordered(selectFrom(table).select(columns), order)
              .where("tenant_id", "=", tenantId)
              .whereRef("customer_id", "=", "parent_id")
              .limit(first)
              .as("child"),
          (join) => join.onTrue(),
        )
        .selectAll("child")
        .execute(),
  });
}

const ordered = (query, order) =>
  order.reduce((sorted, [column, direction]) => sorted.orderBy(column, direction), query);

const PageInfo = builder.objectRef("PageInfo").implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage"),
    endCursor: t.exposeString("endCursor", { nullable: true }),
  }),
});
const CustomerPage = builder.objectRef("CustomerPage").implement({
  fields: (t) => ({
    nodes: t.field({ type: [Customer], resolve: ({ nodes }) => nodes }),
    pageInfo: t.field({
      type: PageInfo,
      resolve: ({ nodes, hasNextPage }) => ({
        hasNextPage,
        endCursor: nodes.length > 0 ? cursorOf(nodes.at(-1)) : null,
      }),
    }),
  }),
});

const cursorOf = ({ createdAt, id }) => Buffer.from(JSON.stringify([createdAt, id])).toString("base64url");

builder.queryType({
  fields: (t) => ({
    customer: t.field({
      type: Customer,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, { tenantId, transaction }) =>
        liveCustomers(transaction, tenantId).where("id", "=", id).executeTakeFirst(),
    }),
    customers: t.field({
      type: CustomerPage,
      args: { first: t.arg.int({ required: true }), after: t.arg.string({ required: true }) },
      resolve: async (_root, { first, after }, { tenantId, transaction }) => {
        const [createdAt, id] = JSON.parse(Buffer.from(after, "base64url").toString());
        const rows = await liveCustomers(transaction, tenantId)
          .where(({ eb, refTuple, tuple }) => eb(refTuple("created_at", "id"), ">", tuple(createdAt, id)))
          .orderBy("created_at")
          .orderBy("id")
          .limit(first + 1)
          .execute();
        return { nodes: rows.slice(0, first), hasNextPage: rows.length > first };
      },
    }),
  }),
});

const liveCustomers = (transaction, tenantId) =>
  transaction
    .selectFrom("customers")
    .select(CUSTOMER)
    .where("tenant_id", "=", tenantId)
    .where("is_trashed", "=", false);

addCreateCustomer(builder, Customer);

export const schema = builder.toSchema();
