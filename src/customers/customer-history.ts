import { maskAccountNumber } from "../bank-accounts/account-number-cipher";
import { type BankAccount } from "../bank-accounts/bank-account.entity";
import { type Contact } from "../contacts/contact.entity";
import { type FieldChange } from "../history/customer-change.entity";
import { differences } from "../history/record-changes";
import { type Customer } from "./customer.entity";
import { type CustomerReferences } from "./customer-references";

/** A customer as the history tells of it. */
type ToldCustomer = Omit<
  Customer,
  "tenantId" | "createdAt" | "updatedAt" | "searchText" | "deletedAt" | "version" | "mergedIntoId"
>;

/** What changed in a customer's own fields. @param before undefined where it is new */
export function customerDifferences(
  before: ToldCustomer | undefined,
  after: ToldCustomer,
  references: CustomerReferences,
): FieldChange[] {
  const customFields = (customer: ToldCustomer | undefined): object | undefined =>
    customer && Object.fromEntries(references.fields.map(({ id, code }) => [code, customer.customValues[id]]));
  return [
    ...differences([], before && toldColumns(before, references), toldColumns(after, references)),
    ...differences(["customFields"], customFields(before), customFields(after)),
  ];
}

/** What changed in one of a customer's contacts. */
export function contactDifferences(before: Contact | undefined, after: Contact | undefined): FieldChange[] {
  const told = (contact: Contact | undefined): object | undefined =>
    contact && {
      name: contact.name,
      title: contact.title,
      email: contact.email,
      phone: contact.phone,
      isPrimary: contact.isPrimary,
    };
  return differences(["contacts", (before ?? after)?.id ?? ""], told(before), told(after));
}

/** What changed in one of a customer's bank accounts; the number masked. */
export function accountDifferences(before: BankAccount | undefined, after: BankAccount | undefined): FieldChange[] {
  const told = (account: BankAccount | undefined): object | undefined =>
    account && {
      bankCode: account.bankCode,
      bankName: account.bankName,
      accountHolderName: account.accountHolderName,
      accountNumber: maskAccountNumber(account),
    };
  const changes = differences(["bankAccounts", (before ?? after)?.id ?? ""], told(before), told(after));
  const isResealed = before && after && !before.accountNumberCiphertext.equals(after.accountNumberCiphertext);
  const isTold = changes.some(({ path }) => path.at(-1) === "accountNumber");
  if (!isResealed || isTold) return changes;
  // Another number that looks the same when masked: that it changed must not get lost.
  const masked = maskAccountNumber(after);
  return [...changes, { path: ["bankAccounts", after.id, "accountNumber"], before: masked, after: masked }];
}

function toldColumns(customer: ToldCustomer, { termById }: CustomerReferences): object {
  const codeOf = (id: string | null): string | null => (id === null ? null : (termById.get(id)?.code ?? id));
  return {
    code: customer.code,
    kind: customer.kind,
    name: customer.name,
    company: customer.company,
    firstName: customer.firstName,
    lastName: customer.lastName,
    email: customer.email,
    phones: customer.phones,
    fax: customer.fax,
    website: customer.website,
    taxId: customer.taxId,
    paymentTerms: customer.paymentTerms,
    notes: customer.notes,
    tags: customer.tags,
    address: customer.address,
    billingAddress: customer.billingAddress,
    branch: codeOf(customer.branchId),
    status: codeOf(customer.statusId),
    type: codeOf(customer.typeId),
    group: codeOf(customer.groupId),
  };
}
