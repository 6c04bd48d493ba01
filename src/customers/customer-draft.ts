import { type AddressInput } from "../addresses/address.input";
import { type PostalAddress } from "../addresses/address";
import { parseCountry } from "../addresses/country";
import { type BankAccountInput } from "../bank-accounts/bank-account.input";
import { type ContactInput } from "../contacts/contact.input";
import { isCustomValue } from "../custom-fields/custom-value";
import { type CustomFieldInput } from "../custom-fields/custom-field.input";
import { problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { parsePhone, parseRegion, phoneSearchText, type PhoneRegion } from "../phones/phone";
import { RequirableField } from "../settings/tenant-settings.entity";
import { TERM_KINDS } from "../taxonomy/taxonomy-term.entity";
import { searchText } from "../text/search";
import { codeKey, fold } from "../text/text";
import { CustomerKind, type Customer, type CustomValues } from "./customer.entity";
import { type CustomerInput } from "./customer.input";
import { type CustomerReferences, type TermArgument } from "./customer-references";

/** A customer as an input means it, checked by the rules; ids and code are not given yet. */
export interface CustomerDraft {
  readonly code: string | null;
  readonly columns: Pick<
    Customer,
    | "kind"
    | "nameIsDerived"
    | "company"
    | "firstName"
    | "lastName"
    | "email"
    | "phones"
    | "fax"
    | "website"
    | "taxId"
    | "paymentTerms"
    | "notes"
    | "tags"
    | "address"
    | "billingAddress"
    | "branchId"
    | "statusId"
    | "typeId"
    | "groupId"
    | "customValues"
  > & { readonly name: string | null };
  readonly contacts: readonly ContactDraft[];
  readonly bankAccounts: readonly BankAccountDraft[];
}

export interface ContactDraft {
  readonly name: string;
  readonly title: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly isPrimary: boolean;
}

export interface BankAccountDraft {
  readonly bankCode: string | null;
  readonly bankName: string | null;
  readonly accountHolderName: string | null;
  readonly accountNumber: string;
}

/** What a whole input means, and every rule it breaks. */
export interface DraftResult {
  readonly draft: CustomerDraft;
  readonly problems: readonly Problem[];
}

/** The codes to choose from, by kind of term, where an input names one that is unknown. */
export type TermCodes = Partial<Record<TermArgument, readonly string[]>>;

/**
 * Turns a cleaned input into a draft by the rules for whole customers (creation, full replacement).
 * @param path where the input stands in the arguments
 */
export function draftCustomer(
  input: CustomerInput,
  references: CustomerReferences,
  path: ArgumentPath,
  termCodes: TermCodes = {},
): DraftResult {
  const problems: Problem[] = [];
  const rules = new DraftRules(path, problems);
  const region = rules.region(input.phoneRegion, references.settings.defaultRegion);
  const company = input.company ?? null;
  const firstName = input.firstName ?? null;
  const lastName = input.lastName ?? null;
  const email = input.email ?? null;
  const phones = rules.phones(input.phones ?? [], region);
  const terms = rules.terms(input, references, termCodes);

  const draft: CustomerDraft = {
    code: input.code ?? null,
    columns: {
      kind:
        input.kind ??
        (company !== null && firstName === null && lastName === null ? CustomerKind.COMPANY : CustomerKind.PERSONAL),
      name: input.name ?? derivedName({ company, firstName, lastName, email, phones }),
      nameIsDerived: input.name == null,
      company,
      firstName,
      lastName,
      email,
      phones,
      fax: rules.phone(input.fax, region, ["fax"]),
      website: input.website ?? null,
      taxId: input.taxId ?? null,
      paymentTerms: input.paymentTerms ?? null,
      notes: input.notes ?? null,
      tags: distinctTags(input.tags ?? []),
      address: rules.address(input.address, ["address"]),
      billingAddress: rules.address(input.billingAddress, ["billingAddress"]),
      branchId: terms.branch,
      statusId: terms.status ?? references.settings.defaultStatusId,
      typeId: terms.type,
      groupId: terms.group,
      customValues: rules.customValues(input.customFields ?? [], references),
    },
    contacts: rules.contacts(input.contacts ?? [], region),
    bankAccounts: rules.bankAccounts(input.bankAccounts ?? []),
  };
  rules.required(draft, input, references);
  return { draft, problems };
}

/** The name of a customer that was never given one; null where nothing is known that could be its name. */
export function derivedName({
  company,
  firstName,
  lastName,
  email,
  phones,
}: Pick<Customer, "company" | "firstName" | "lastName" | "email" | "phones">): string | null {
  const person = [firstName, lastName].filter((part) => part !== null).join(" ");
  return company ?? (person || (email ?? phones[0] ?? null));
}

/** The columns that follow from others: what the row is compared, ordered and searched by. */
export function findableColumns(
  customer: Pick<Customer, "code" | "name" | "email" | "taxId" | "phones">,
): Pick<Customer, "codeKey" | "codeFolded" | "nameFolded" | "emailFolded" | "taxIdFolded" | "searchText"> {
  const { code, name, email, taxId, phones } = customer;
  return {
    codeKey: codeKey(code),
    codeFolded: fold(code),
    nameFolded: fold(name),
    emailFolded: email === null ? null : fold(email),
    taxIdFolded: taxId === null ? null : fold(taxId),
    searchText: searchText([name, code, email, taxId, ...phones.map(phoneSearchText)]),
  };
}

/** The parts of a draft, each with its rules; what breaks one is added to the problems. */
class DraftRules {
  constructor(
    private readonly path: ArgumentPath,
    private readonly problems: Problem[],
  ) {}

  region(given: string | null | undefined, byDefault: string | null): PhoneRegion | null {
    if (given == null) return byDefault === null ? null : parseRegion(byDefault);
    const region = parseRegion(given);
    if (!region) this.add(["phoneRegion"], "INVALID_REGION");
    return region;
  }

  phone(given: string | null | undefined, region: PhoneRegion | null, at: ArgumentPath): string | null {
    if (given == null) return null;
    const phone = parsePhone(given, region);
    if (phone === null)
      this.add(at, "INVALID_PHONE", {
        region: region?.country ?? (region?.callingCode ? `+${region.callingCode}` : null),
      });
    return phone;
  }

  phones(given: readonly string[], region: PhoneRegion | null): string[] {
    const phones = given.map((phone, index) => this.phone(phone, region, ["phones", index]));
    return [...new Set(phones.filter((phone) => phone !== null))];
  }

  address(given: AddressInput | null | undefined, at: ArgumentPath): PostalAddress | null {
    if (!given) return null;
    const country = given.country == null ? null : parseCountry(given.country);
    if (given.country != null && country === null) this.add([...at, "country"], "INVALID_COUNTRY");
    const address: PostalAddress = {
      country,
      state: given.state ?? null,
      city: given.city ?? null,
      district: given.district ?? null,
      ward: given.ward ?? null,
      street: given.street ?? null,
      building: given.building ?? null,
      premise: given.premise ?? null,
      subPremise: given.subPremise ?? null,
      postalCode: given.postalCode ?? null,
    };
    return Object.values(address).some((part) => part !== null) ? address : null;
  }

  terms(
    input: Pick<CustomerInput, TermArgument>,
    references: CustomerReferences,
    codes: TermCodes,
  ): Record<TermArgument, string | null> {
    const ids: Record<TermArgument, string | null> = { status: null, type: null, group: null, branch: null };
    for (const { argument, label } of TERM_KINDS) {
      const code = input[argument];
      if (code == null) continue;
      const term = references.terms[argument].get(codeKey(code));
      if (term) ids[argument] = term.id;
      else this.add([argument], "UNKNOWN_CODE", { what: label, nearest: nearest(code, codes[argument] ?? []) });
    }
    return ids;
  }

  customValues(given: readonly CustomFieldInput[], { fields }: CustomerReferences): CustomValues {
    const values: CustomValues = {};
    const seen = new Set<string>();
    given.forEach(({ field: code, value }, index) => {
      const at = ["customFields", index];
      const field = fields.find(({ codeKey: key }) => key === codeKey(code ?? ""));
      if (!field) {
        this.add([...at, "field"], "UNKNOWN_FIELD", {
          nearest: nearest(
            code ?? "",
            fields.map((known) => known.code),
          ),
        });
        return;
      }
      if (seen.has(field.id)) this.add([...at, "field"], "DUPLICATE", { what: "The field" });
      seen.add(field.id);
      if (value == null) return;
      if (isCustomValue(field, value)) values[field.id] = value;
      else this.add([...at, "value"], "WRONG_FIELD_VALUE", { type: field.type, options: field.options });
    });
    return values;
  }

  contacts(given: readonly ContactInput[], region: PhoneRegion | null): ContactDraft[] {
    let primaries = 0;
    return given.map((contact, index) => {
      const at = ["contacts", index];
      if (contact.id != null) this.add([...at, "id"], "NOT_ALLOWED_HERE", { what: "The id of a contact that exists" });
      if (contact.isPrimary && ++primaries === 2) this.add([...at, "isPrimary"], "SECOND_PRIMARY");
      return {
        name: contact.name,
        title: contact.title ?? null,
        email: contact.email ?? null,
        phone: this.phone(contact.phone, region, [...at, "phone"]),
        isPrimary: contact.isPrimary,
      };
    });
  }

  bankAccounts(given: readonly BankAccountInput[]): BankAccountDraft[] {
    return given.map((account, index) => {
      const at = ["bankAccounts", index];
      if (account.id != null) this.add([...at, "id"], "NOT_ALLOWED_HERE", { what: "The id of an account that exists" });
      if (account.accountNumber == null) this.add([...at, "accountNumber"], "REQUIRED", { what: "An account number" });
      return {
        bankCode: account.bankCode ?? null,
        bankName: account.bankName ?? null,
        accountHolderName: account.accountHolderName ?? null,
        accountNumber: account.accountNumber ?? "",
      };
    });
  }

  /** What the tenant asks of every customer. */
  required({ columns, contacts }: CustomerDraft, input: CustomerInput, { settings, fields }: CustomerReferences): void {
    const missing: Record<RequirableField, [isMissing: boolean, at: keyof CustomerInput, what: string]> = {
      CODE: [input.code == null, "code", "A code"],
      NAME: [input.name == null, "name", "A name"],
      EMAIL: [columns.email === null, "email", "An e-mail address"],
      PHONES: [columns.phones.length === 0, "phones", "A phone number"],
      TAX_ID: [columns.taxId === null, "taxId", "A tax id"],
      ADDRESS: [columns.address === null, "address", "An address"],
      STATUS: [columns.statusId === null, "status", "A status"],
      TYPE: [columns.typeId === null, "type", "A type"],
      GROUP: [columns.groupId === null, "group", "A group"],
      BRANCH: [columns.branchId === null, "branch", "A branch"],
    };
    for (const field of Object.values(RequirableField)) {
      const [isMissing, at, what] = missing[field];
      const saidAlready = this.problems.some(({ path }) => path[this.path.length] === at);
      if (settings.requiredFields.includes(field) && isMissing && !saidAlready) this.add([at], "REQUIRED", { what });
    }
    for (const { id, code, required } of fields) {
      const given = input.customFields?.some((value) => codeKey(value.field) === codeKey(code) && value.value != null);
      if (required && !given && columns.customValues[id] === undefined) {
        this.add(["customFields"], "REQUIRED", { what: `The custom field "${code}"` });
      }
    }
    if (settings.companyNeedsContact && columns.kind === CustomerKind.COMPANY && contacts.length === 0) {
      this.add(["contacts"], "CONTACT_REQUIRED");
    }
  }

  private add(at: ArgumentPath, code: Problem["code"], parameters: Problem["parameters"] = {}): void {
    this.problems.push(problem([...this.path, ...at], code, parameters));
  }
}

/** Labels without repetition; the first spelling stays. */
function distinctTags(tags: readonly string[]): string[] {
  return [...new Map([...tags].reverse().map((tag) => [codeKey(tag), tag])).values()].reverse();
}
