import { type TestTenant } from "./gateway";

/** All that can be read of a customer by itself. */
export const WHOLE_CUSTOMER = `
  id code previousCodes kind name company firstName lastName email phone phones fax website taxId paymentTerms notes tags
  address { country state city district ward street building premise subPremise postalCode }
  billingAddress { country city }
  branch { code } status { code } type { code } group { code }
  contacts { id name title email phone isPrimary createdAt updatedAt }
  primaryContact { id }
  bankAccounts { id bankCode bankName accountHolderName accountNumber maskedAccountNumber createdAt updatedAt }
  customFields { field { code } value }
  createdAt updatedAt deletedAt version`;

/** Terms of each kind and a custom field of each type. */
export async function aTaxonomy(tenant: TestTenant): Promise<void> {
  await tenant.run(`mutation {
    lead: createCustomerStatus(input: { code: "LEAD", name: "Lead" }) { id }
    active: createCustomerStatus(input: { code: "ACTIVE", name: "Active" }) { id }
    retail: createCustomerType(input: { code: "RETAIL", name: "Retail" }) { id }
    key: createCustomerGroup(input: { code: "KEY", name: "Key accounts" }) { id }
    hanoi: createBranch(input: { code: "HN", name: "Hanoi" }) { id }
    text: createCustomerField(input: { code: "industry", name: "Industry" }) { id }
    number: createCustomerField(input: { code: "employees", name: "Employees", type: NUMBER }) { id }
    boolean: createCustomerField(input: { code: "vip", name: "VIP", type: BOOLEAN }) { id }
    date: createCustomerField(input: { code: "since", name: "Since", type: DATE }) { id }
    select: createCustomerField(input: { code: "size", name: "Size", type: SELECT, options: ["S", "M", "L"] }) { id }
    multi: createCustomerField(input: { code: "colours", name: "Colours", type: MULTI_SELECT, options: ["red", "green", "blue"] }) { id }
  }`);
}

/** An input with everything in it; needs {@link aTaxonomy}. */
export const FULL_INPUT = {
  kind: "COMPANY",
  name: "Acme",
  company: "Acme GmbH",
  firstName: "Ada",
  lastName: "Lovelace",
  email: "ada@example.com",
  phones: ["+84912345678", "+49301234567"],
  fax: "+49301234568",
  website: "https://example.com/",
  taxId: "DE123456789",
  paymentTerms: "net30",
  notes: "Rings twice.",
  tags: ["vip", "north"],
  address: { country: "VN", state: "HN", city: "Hanoi", district: "Ba Dinh", ward: "Kim Ma", street: "Kim Ma 1" },
  billingAddress: { country: "DE", city: "Berlin" },
  branch: "HN",
  status: "LEAD",
  type: "RETAIL",
  group: "KEY",
  contacts: [
    { name: "Bo", title: "CEO", email: "bo@example.com", phone: "+84912345679", isPrimary: true },
    { name: "Cy", email: "cy@example.com" },
  ],
  bankAccounts: [
    { bankCode: "VCB", bankName: "Vietcombank", accountHolderName: "Acme", accountNumber: "0011002233445" },
    { bankCode: "ACB", accountNumber: "998877665544" },
  ],
  customFields: [
    { field: "industry", value: "Steel" },
    { field: "employees", value: 250 },
    { field: "vip", value: true },
    { field: "since", value: "2020-02-29" },
    { field: "size", value: "M" },
    { field: "colours", value: ["red", "blue"] },
  ],
};

/** A customer that was just created, whole. */
export async function aCustomer(tenant: TestTenant, input: object = { name: "Ada" }): Promise<any> {
  const { createCustomer } = await tenant.run(
    `mutation($input: CustomerInput!) { createCustomer(input: $input) { ${WHOLE_CUSTOMER} } }`,
    { input },
  );
  return createCustomer;
}

/** A customer as it is now; null where there is none. */
export async function readCustomer(tenant: TestTenant, by: { id: string } | { code: string }): Promise<any> {
  const { customer } = await tenant.run(`query($by: CustomerKey!) { customer(by: $by) { ${WHOLE_CUSTOMER} } }`, { by });
  return customer;
}
