import { type GraphQLSchema } from "graphql";
import { questionsOf, type Place, type Question } from "./questions";

/** Something to ask for: of one tenant, or that never existed anywhere. Only the owner has what is called by this text. */
export interface Names {
  readonly text: string;
  readonly email: string;
  readonly phone: string;
  readonly number: number;
  readonly ids: Readonly<
    Record<"customer" | "contact" | "bankAccount" | "asset" | "workOrder" | "contract" | "invoice", string>
  >;
  /** Cursors of a list by its name. */
  readonly cursors: Readonly<Record<string, string>>;
}

/** No letter of either is in another code, so that both are as far from it. */
export const ONLY_HERE = {
  text: "zzzzzzzz",
  formerCode: "zzzzzzzz-old",
  email: "zzzzzzzz@example.com",
  phone: "+84987654321",
  number: 77.25,
};
export const NEVER = { text: "qqqqqqqq", email: "qqqqqqqq@example.com", phone: "+84987654322", number: 88.125 };

/**
 * What each place takes that looks something up. A place that is neither here nor in PLAIN makes a test fail: think of whose
 * rows it could reach, and add it.
 */
const LOOKS_UP: Record<string, (names: Names) => string | number> = {
  "CustomerKey.id": ({ ids }) => ids.customer,
  "CustomerKey.code": ({ text }) => text,
  "CustomerFilter.search": ({ text }) => text,
  "CustomerFilter.id": ({ ids }) => ids.customer,
  "CustomerFilter.phone": ({ phone }) => phone,
  "CustomerFilter.accountNumber": ({ text }) => text,
  "CustomerFilter.status": ({ text }) => text,
  "CustomerFilter.type": ({ text }) => text,
  "CustomerFilter.group": ({ text }) => text,
  "CustomerFilter.branch": ({ text }) => text,
  "CustomerFilter.tag": ({ text }) => text,
  "StringFilter.eq": ({ text }) => text,
  "StringFilter.in": ({ text }) => text,
  "StringFilter.startsWith": ({ text }) => text,
  "StringFilter.contains": ({ text }) => text,
  "CustomFieldFilter.field": ({ text }) => text,
  "CustomFieldFilter.eq": ({ number }) => number,
  "CustomFieldFilter.in": ({ number }) => number,
  "CustomFieldFilter.gte": ({ number }) => number,
  "CustomFieldFilter.lt": ({ number }) => number,
  "AssetFilter.category": ({ text }) => text,
  "AssetFilter.search": ({ text }) => text,
  "WorkOrderFilter.asset": ({ ids }) => ids.asset,
  "Customer.customField.code": ({ text }) => text,
  "Query.contact.id": ({ ids }) => ids.contact,
  "Query.bankAccount.id": ({ ids }) => ids.bankAccount,
  "Query.asset.id": ({ ids }) => ids.asset,
  "Query.workOrder.id": ({ ids }) => ids.workOrder,
  "Query.contract.id": ({ ids }) => ids.contract,
  "Query.invoice.id": ({ ids }) => ids.invoice,
  "CustomerInput.branch": ({ text }) => text,
  "CustomerInput.status": ({ text }) => text,
  "CustomerInput.type": ({ text }) => text,
  "CustomerInput.group": ({ text }) => text,
  "CustomFieldInput.field": ({ text }) => text,
  "WorkOrderInput.assetId": ({ ids }) => ids.asset,
  "WorkOrderPatch.assetId": ({ ids }) => ids.asset,
  "ContactInput.id": ({ ids }) => ids.contact,
  "BankAccountInput.id": ({ ids }) => ids.bankAccount,
  "ExpectedVersion.id": ({ ids }) => ids.customer,
  "CustomerPatch.branch": ({ text }) => text,
  "CustomerPatch.status": ({ text }) => text,
  "CustomerPatch.type": ({ text }) => text,
  "CustomerPatch.group": ({ text }) => text,
  "TenantSettingsPatch.defaultStatus": ({ text }) => text,
  ...Object.fromEntries(
    (["Contact", "BankAccount", "Asset", "WorkOrder", "Contract", "Invoice"] as const).flatMap((type) => {
      const value = ({ ids }: Names): string => ids[`${type[0]?.toLowerCase()}${type.slice(1)}` as keyof Names["ids"]];
      return ["update", "delete"].map((verb) => [`Mutation.${verb}${type}.id`, value]);
    }),
  ),
  ...Object.fromEntries(
    ["CustomerStatus", "CustomerType", "CustomerGroup", "CustomerField", "Branch"].flatMap((type) =>
      [`update${type}.code`, `change${type}Code.from`, `delete${type}.code`, `delete${type}.reassignTo`].map(
        (place) => [`Mutation.${place}`, ({ text }: Names) => text],
      ),
    ),
  ),
  "Mutation.changeCustomerCode.from": ({ text }) => text,
};

/** New codes: that A has them is nobody else's conflict. */
const GIVES_CODE: Record<string, (names: Names) => string> = {
  "CustomerInput.code": ({ text }) => text,
  "TaxonomyTermInput.code": ({ text }) => text,
  "CustomerFieldInput.code": ({ text }) => text,
  "AssetInput.code": ({ text }) => text,
  "WorkOrderInput.code": ({ text }) => text,
  "ContractInput.code": ({ text }) => text,
  "InvoiceInput.code": ({ text }) => text,
  "AssetPatch.code": ({ text }) => text,
  "WorkOrderPatch.code": ({ text }) => text,
  "ContractPatch.code": ({ text }) => text,
  "InvoicePatch.code": ({ text }) => text,
  ...Object.fromEntries(
    ["Customer", "CustomerStatus", "CustomerType", "CustomerGroup", "CustomerField", "Branch"].map((type) => [
      `Mutation.change${type}Code.to`,
      ({ text }: Names) => text,
    ]),
  ),
};

/** Places in which a cursor of A stands for a place in B's list, as any other does. */
export const CURSORS: Record<string, string> = {
  "Query.customers.after": "customers",
  "Query.customers.before": "customers",
  "Query.assets.after": "assets",
  "Query.workOrders.after": "workOrders",
  "Query.contracts.after": "contracts",
  "Query.invoices.after": "invoices",
  "Customer.assets.after": "assets",
  "Customer.workOrders.after": "workOrders",
  "Customer.contracts.after": "contracts",
  "Customer.invoices.after": "invoices",
  "Customer.history.after": "history",
  "Asset.workOrders.after": "workOrders",
};

/** Texts that are stored as they are and looked up nowhere. */
const PLAIN = new Set(
  Object.entries({
    CustomerInput: "name company firstName lastName email phones phoneRegion fax website taxId paymentTerms notes tags",
    AddressInput: "country state city district ward street building premise subPremise postalCode",
    ContactInput: "name title email phone",
    BankAccountInput: "bankCode bankName accountHolderName accountNumber",
    CustomFieldInput: "value",
    TaxonomyTermInput: "name description",
    CustomerFieldInput: "name options description",
    AssetInput: "name category manufacturer model serialNumber location",
    WorkOrderInput: "title description",
    ContractInput: "title",
    InvoiceInput: "currency",
    CustomerPatch: "name company firstName lastName email phones phoneRegion fax website taxId paymentTerms notes tags",
    ContactPatch: "name title email phone",
    BankAccountPatch: "bankCode bankName accountHolderName accountNumber",
    TaxonomyTermPatch: "name description",
    CustomerFieldPatch: "name options description",
    AssetPatch: "name category manufacturer model serialNumber location",
    WorkOrderPatch: "title description",
    ContractPatch: "title",
    InvoicePatch: "currency",
    TenantSettingsPatch: "codePrefix",
  }).flatMap(([type, fields]) => fields.split(" ").map((field) => `${type}.${field}`)),
);

/** Codes are given away last: until then only A has what is called so. */
export function questionsInOrder(schema: GraphQLSchema): Question[] {
  const all = questionsOf(schema);
  return [
    ...all.filter(({ place }) => !(place.name in GIVES_CODE)),
    ...all.filter(({ place }) => place.name in GIVES_CODE),
  ];
}

/** The places of a schema that are known to neither look anything up nor not to. */
export function unknownPlaces(schema: GraphQLSchema): string[] {
  const names = new Set(questionsInOrder(schema).map(({ place }) => place.name));
  const known = (name: string): boolean =>
    [LOOKS_UP, GIVES_CODE, CURSORS].some((some) => name in some) || PLAIN.has(name);
  return [...names].filter((name) => !known(name));
}

/** What a place is asked for: the value as A has it, or as nobody has it; undefined where it looks nothing up. */
export function valueAt({ name }: Place, names: Names): string | number | undefined {
  const list = CURSORS[name];
  return list === undefined ? (LOOKS_UP[name] ?? GIVES_CODE[name])?.(names) : names.cursors[list];
}
