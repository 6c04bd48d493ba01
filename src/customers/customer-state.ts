import { BankAccount } from "../bank-accounts/bank-account.entity";
import { Contact } from "../contacts/contact.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type Customer } from "./customer.entity";

/** A customer that is locked, with what is its own. */
export interface CustomerState {
  readonly customer: Customer;
  /** In the order created. */
  readonly contacts: readonly Contact[];
  readonly bankAccounts: readonly BankAccount[];
}

/** What locked customers hold, in two statements for all of them. */
export async function readCustomerStates(scope: TenantScope, customers: readonly Customer[]): Promise<CustomerState[]> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.customer_id = any(${p.add(customers.map(({ id }) => id))}::uuid[]) order by t.id`;
  const [contacts, bankAccounts] = await Promise.all([
    scope.select(Contact, "t", where, p),
    scope.select(BankAccount, "t", where, p),
  ]);
  const states = new Map(
    customers.map((customer) => [
      customer.id,
      { customer, contacts: [] as Contact[], bankAccounts: [] as BankAccount[] },
    ]),
  );
  for (const contact of contacts) states.get(contact.customerId)?.contacts.push(contact);
  for (const account of bankAccounts) states.get(account.customerId)?.bankAccounts.push(account);
  return [...states.values()];
}
