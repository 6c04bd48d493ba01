import process from "node:process";
import { newCustomerRows, readEncryptionKey } from "../new-customer.mjs";
import { CUSTOMER } from "./columns.mjs";

const encryptionKey = readEncryptionKey(process.env.ENCRYPTION_KEY);

/** A mutation that writes a customer with everything nested, an insert a table. */
export function addCreateCustomer(builder, Customer) {
  const required = { required: true };
  const NewContact = builder.inputType("NewContact", {
    fields: (t) => ({ name: t.string(required), email: t.string(), isPrimary: t.boolean(required) }),
  });
  const NewBankAccount = builder.inputType("NewBankAccount", {
    fields: (t) => ({
      ...{ bankCode: t.string(), bankName: t.string(), accountHolderName: t.string() },
      accountNumber: t.string(required),
    }),
  });
  const NewCustomer = builder.inputType("NewCustomer", {
    fields: (t) => ({
      ...{ code: t.string(required), kind: t.string(required), name: t.string(required), email: t.string() },
      ...{ phones: t.stringList(required), tags: t.stringList(required), status: t.string() },
      contacts: t.field({ type: [NewContact], required: true }),
      bankAccounts: t.field({ type: [NewBankAccount], required: true }),
    }),
  });
  builder.mutationType({
    fields: (t) => ({
      createCustomer: t.field({
        type: Customer,
        args: { input: t.arg({ type: NewCustomer, required: true }) },
        resolve: (_root, { input }, context) => insert(input, context),
      }),
    }),
  });
}

async function insert(input, { tenantId, transaction, credential }) {
  const { customer, contacts, accounts, changes } = newCustomerRows(tenantId, input, { credential, encryptionKey });
  const { status_key: statusKey, ...columns } = customer;
  const status = ({ selectFrom }) =>
    selectFrom("customer_statuses").select("id").where("tenant_id", "=", tenantId).where("code_key", "=", statusKey);
  const ofTenant = (rows) => rows.map((row) => ({ tenant_id: tenantId, ...row }));
  const ofCustomer = (column, values) =>
    values.map((value) => ({ tenant_id: tenantId, customer_id: customer.id, [column]: value }));
  const written = await transaction
    .insertInto("customers")
    .values((builder) => ({ tenant_id: tenantId, ...columns, status_id: status(builder) }))
    .returning(CUSTOMER)
    .executeTakeFirstOrThrow();
  await transaction.insertInto("customer_phones").values(ofCustomer("phone", customer.phones)).execute();
  const tags = customer.tags.map((tag) => tag.toLowerCase());
  await transaction.insertInto("customer_tags").values(ofCustomer("tag", tags)).execute();
  await transaction.insertInto("contacts").values(ofTenant(contacts)).execute();
  await transaction.insertInto("bank_accounts").values(ofTenant(accounts)).execute();
  const told = changes.map(({ fields, ...change }) => ({ ...change, fields: JSON.stringify(fields) }));
  await transaction.insertInto("customer_changes").values(ofTenant(told)).execute();
  return written;
}
