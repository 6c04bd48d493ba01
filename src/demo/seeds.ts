// The contract's input types as plain data: days are YYYY-MM-DD, instants RFC 3339 in UTC, amounts decimal strings.
// What the contract gives a default is always there, and what is unknown is absent, never null.

export type CustomerKind = "PERSONAL" | "COMPANY";
export type CustomFieldType = "TEXT" | "NUMBER" | "BOOLEAN" | "DATE" | "SELECT" | "MULTI_SELECT";
export type AssetStatus = "ACTIVE" | "INACTIVE" | "RETIRED";
export type WorkOrderStatus = "OPEN" | "SCHEDULED" | "IN_PROGRESS" | "ON_HOLD" | "COMPLETED" | "CANCELLED";
export type Priority = "LOW" | "NORMAL" | "HIGH" | "URGENT";
export type ContractStatus = "DRAFT" | "ACTIVE" | "EXPIRED" | "TERMINATED";
export type InvoiceStatus = "DRAFT" | "PENDING" | "PAID" | "VOID";

/** TaxonomyTermInput */
export interface TermSeed {
  code: string;
  name: string;
  description?: string;
}

/** CustomerFieldInput */
export interface CustomerFieldSeed {
  code: string;
  name: string;
  description?: string;
  type: CustomFieldType;
  /** Of SELECT and MULTI_SELECT. */
  options?: string[];
  required: boolean;
}

/** CustomFieldInput */
export interface CustomValueSeed {
  field: string;
  value: string | number | boolean | string[];
}

/** AddressInput */
export interface AddressSeed {
  country: string;
  state?: string;
  city: string;
  district?: string;
  ward?: string;
  street: string;
  building?: string;
  premise?: string;
  subPremise?: string;
  postalCode: string;
}

/** ContactInput */
export interface ContactSeed {
  name: string;
  title?: string;
  email?: string;
  phone?: string;
  isPrimary: boolean;
}

/** BankAccountInput */
export interface BankAccountSeed {
  bankCode: string;
  bankName: string;
  accountHolderName: string;
  accountNumber: string;
}

/** CustomerInput, without a code: the server assigns it. */
export interface CustomerSeed {
  kind: CustomerKind;
  name: string;
  company?: string;
  firstName?: string;
  lastName?: string;
  email?: string;
  /** E.164 */
  phones: string[];
  fax?: string;
  website?: string;
  taxId?: string;
  paymentTerms?: string;
  notes?: string;
  tags: string[];
  address?: AddressSeed;
  billingAddress?: AddressSeed;
  branch: string;
  status: string;
  type: string;
  group: string;
  contacts: ContactSeed[];
  bankAccounts: BankAccountSeed[];
  customFields: CustomValueSeed[];
}

/** AssetInput */
export interface AssetSeed {
  name: string;
  category: string;
  manufacturer: string;
  model: string;
  serialNumber: string;
  status: AssetStatus;
  location?: string;
  installedOn?: string;
  warrantyUntil?: string;
}

/** WorkOrderInput; which asset it is for stands beside it, as assets have no id yet. */
export interface WorkOrderSeed {
  title: string;
  description?: string;
  status: WorkOrderStatus;
  priority: Priority;
  scheduledAt?: string;
}

/** ContractInput */
export interface ContractSeed {
  title: string;
  status: ContractStatus;
  startsOn?: string;
  endsOn?: string;
}

/** InvoiceInput */
export interface InvoiceSeed {
  status: InvoiceStatus;
  amount: string;
  currency: string;
  issuedOn?: string;
  dueOn?: string;
}

/** A customer and what belongs to it, each list oldest first. */
export interface DemoCustomer {
  input: CustomerSeed;
  assets: AssetSeed[];
  /** `asset` is an index into `assets`. */
  workOrders: (WorkOrderSeed & { asset?: number })[];
  contracts: ContractSeed[];
  invoices: InvoiceSeed[];
}
