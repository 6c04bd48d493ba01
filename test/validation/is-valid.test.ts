import "reflect-metadata";
import { validateSync } from "class-validator";
import fc from "fast-check";
import { AddressInput } from "../../src/addresses/address.input";
import { AssetInput } from "../../src/assets/asset.input";
import { BankAccountInput } from "../../src/bank-accounts/bank-account.input";
import { ContactInput } from "../../src/contacts/contact.input";
import { CustomFieldInput } from "../../src/custom-fields/custom-field.input";
import { CustomerInput, CustomerPatch } from "../../src/customers/customer.input";
import { InvoiceInput } from "../../src/invoices/invoice.input";
import { TaxonomyTermInput, TaxonomyTermPatch } from "../../src/taxonomy/taxonomy-term.input";
import { isValid } from "../../src/validation/is-valid";

const text = fc.oneof(
  fc.constantFrom(null, undefined, "", "a", "A\u0000", "x".repeat(64), "x".repeat(65), "x".repeat(301), "VND"),
  fc.constantFrom("ada@example.com", "ada@", "https://example.com", "ftp://example.com"),
  fc.string({ maxLength: 5 }),
);
const texts = fc.oneof(
  fc.constantFrom(null, undefined),
  fc.array(text, { maxLength: 3 }),
  fc.constant(Array<string>(51).fill("x")),
);

/** An input of a class with some of these properties. */
const input = <T extends object>(inputClass: new () => T, properties: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(properties, { requiredKeys: [] }).map((values) => Object.assign(new inputClass(), values));

const texted = (...names: string[]): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(names.map((name) => [name, text]));

const listOf = (entry: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(fc.constantFrom(null, undefined), fc.array(entry, { maxLength: 2 }));

const customer = {
  ...texted("code", "name", "company", "email", "fax", "website", "taxId", "notes", "status"),
  phones: texts,
  tags: texts,
  address: fc.option(input(AddressInput, texted("country", "city", "street", "postalCode"))),
  contacts: listOf(input(ContactInput, texted("name", "email", "phone"))),
  bankAccounts: listOf(input(BankAccountInput, texted("bankName", "accountNumber"))),
  customFields: listOf(input(CustomFieldInput, texted("field", "value"))),
};

const saysClassValidator = (given: object): boolean => validateSync(given, { forbidUnknownValues: false }).length === 0;

test("says of inputs what class-validator says", () => {
  const inputs = fc.oneof(
    input(CustomerInput, customer),
    input(CustomerPatch, customer),
    input(AssetInput, texted("code", "name", "category")),
    input(InvoiceInput, texted("code", "currency", "amount")),
    input(TaxonomyTermInput, texted("code", "name", "description")),
    input(TaxonomyTermPatch, texted("name", "description")),
    fc.constant({ noRules: "at all" }),
  );
  fc.assert(
    fc.property(inputs, (given) => expect(isValid(given)).toBe(saysClassValidator(given))),
    { numRuns: 1000 },
  );
});

test("calls nothing valid whose shape is odd and that class-validator refuses", () => {
  const odd = fc.constantFrom(5, "x", true, [null], [5], [[]], {}, [{}], [["x"]]);
  fc.assert(
    fc.property(input(CustomerInput, { ...customer, contacts: odd, address: odd, phones: odd }), (given) => {
      if (isValid(given)) expect(saysClassValidator(given)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
