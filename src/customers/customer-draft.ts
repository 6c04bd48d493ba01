import { type AddressInput } from "../addresses/address.input";
import { type PostalAddress } from "../addresses/address";
import { parseCountry } from "../addresses/country";
import { type BankAccountInput } from "../bank-accounts/bank-account.input";
import { type BankAccount } from "../bank-accounts/bank-account.entity";
import { type Contact } from "../contacts/contact.entity";
import { type ContactInput } from "../contacts/contact.input";
import { isCustomValue, isNoValue } from "../custom-fields/custom-value";
import { type CustomFieldInput } from "../custom-fields/custom-field.input";
import { problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { parsePhone, parseRegion, phoneSearchText, type PhoneRegion } from "../phones/phone";
import { RequirableField } from "../settings/tenant-settings.entity";
import { TERM_KINDS } from "../taxonomy/taxonomy-term.entity";
import { searchText } from "../text/search";
import { codeKey, fold } from "../text/text";
import { CustomerKind, type Customer, type CustomValues } from "./customer.entity";
import { type CustomerInput, type CustomerPatch } from "./customer.input";
import { type CustomerReferences, type TermArgument, type TermCodes } from "./customer-references";
import { type CustomerState } from "./customer-state";

/** The columns that an input decides. */
export type CustomerColumns = Pick<
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
> & {
  /** Null where nothing is known that could be its name: the code will do. */
  readonly name: string | null;
};

/** A customer as an input means it, checked by the rules; new ids and codes are not given yet. */
export interface CustomerDraft {
  /** As asked for; null where nothing was. */
  readonly code: string | null;
  readonly columns: CustomerColumns;
  /** All that the customer is to have; undefined where they stay as they are. */
  readonly contacts: readonly ContactDraft[] | undefined;
  readonly bankAccounts: readonly BankAccountDraft[] | undefined;
}

/** A contact to be; with an id, one that exists. */
export interface ContactDraft extends Pick<Contact, "name" | "title" | "email" | "phone" | "isPrimary"> {
  readonly id: string | null;
}

/** A bank account to be; with an id, one that exists, which keeps its number where none is given. */
export interface BankAccountDraft extends Pick<BankAccount, "bankCode" | "bankName" | "accountHolderName"> {
  readonly id: string | null;
  readonly accountNumber: string | null;
}

/** What an input means, and every rule it breaks: with problems the draft is not to be used. */
export interface DraftResult {
  readonly draft: CustomerDraft;
  readonly problems: readonly Problem[];
}

/** What an input is read against. */
export interface DraftContext {
  readonly references: CustomerReferences;
  /** Where the input stands in the arguments. */
  readonly path: ArgumentPath;
  /** To name the nearest where one is unknown. */
  readonly termCodes?: TermCodes;
  /** The customer that is there; undefined where a new one is meant. */
  readonly state?: CustomerState | undefined;
}

/** A whole customer: what is left out is empty (creation, replacement). The input has been cleaned. */
export function draftCustomer(input: CustomerInput, context: DraftContext): DraftResult {
  const problems: Problem[] = [];
  const rules = new DraftRules(context, problems);
  const values = rules.read(input);
  const isNew = context.state === undefined;
  const columns = {
    ...values.columns,
    statusId: values.columns.statusId ?? (isNew ? context.references.settings.defaultStatusId : null),
    customValues: rules.customValues(input.customFields ?? [], {}),
  };
  const draft: CustomerDraft = {
    code: input.code ?? null,
    columns: named(columns, input.name ?? null),
    contacts: rules.contacts(input.contacts ?? [], values.region, false),
    bankAccounts: rules.bankAccounts(input.bankAccounts ?? [], false),
  };
  rules.required(draft, input, true);
  return { draft, problems };
}

/** A customer that is there, with what a patch changes: what it leaves out stays, null clears. The patch has been cleaned. */
export function draftPatch(
  patch: CustomerPatch,
  context: DraftContext & { readonly state: CustomerState },
): DraftResult {
  const problems: Problem[] = [];
  const rules = new DraftRules(context, problems);
  const { customer } = context.state;
  if (patch.kind === null) rules.add(["kind"], "NULL_NOT_ALLOWED");
  const values = rules.read(patch);
  const columns = { ...customer, ...touchedColumns(patch, values.columns) };
  if (patch.customFields !== undefined) {
    columns.customValues = rules.customValues(patch.customFields ?? [], customer.customValues);
  }
  const name = patch.name === undefined ? (customer.nameIsDerived ? null : customer.name) : patch.name;
  const draft: CustomerDraft = {
    code: null,
    columns: named(columns, name),
    contacts: patch.contacts === undefined ? undefined : rules.contacts(patch.contacts ?? [], values.region, true),
    bankAccounts: patch.bankAccounts === undefined ? undefined : rules.bankAccounts(patch.bankAccounts ?? [], true),
  };
  rules.required(draft, patch, false);
  return { draft, problems };
}

/** Which columns each part of an input decides, where they are not called the same. */
const DECIDES = { branch: "branchId", status: "statusId", type: "typeId", group: "groupId" } as const;
const SAME_NAME = [
  "kind",
  "company",
  "firstName",
  "lastName",
  "email",
  "phones",
  "fax",
  "website",
  "taxId",
  "paymentTerms",
  "notes",
  "tags",
  "address",
  "billingAddress",
] as const;

function touchedColumns(patch: CustomerPatch, columns: ReadColumns): Partial<ReadColumns> {
  const touched = new Set(Object.keys(patch).filter((name) => patch[name as keyof CustomerPatch] !== undefined));
  const same = SAME_NAME.filter((name) => touched.has(name));
  const terms = TERM_KINDS.filter(({ argument }) => touched.has(argument)).map(({ argument }) => DECIDES[argument]);
  return Object.fromEntries([...same, ...terms].map((column) => [column, columns[column]]));
}

/** The columns with the name that was given, else the one that follows from the others. */
function named(columns: Omit<CustomerColumns, "name" | "nameIsDerived">, name: string | null): CustomerColumns {
  const { kind, company, firstName, lastName, email, phones, fax, website, taxId, paymentTerms, notes, tags } = columns;
  const { address, billingAddress, branchId, statusId, typeId, groupId, customValues } = columns;
  return {
    kind,
    name: name ?? derivedName(columns),
    nameIsDerived: name === null,
    company,
    firstName,
    lastName,
    email,
    phones,
    fax,
    website,
    taxId,
    paymentTerms,
    notes,
    tags,
    address,
    billingAddress,
    branchId,
    statusId,
    typeId,
    groupId,
    customValues,
  };
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

type ReadColumns = Omit<CustomerColumns, "name" | "nameIsDerived" | "customValues">;

/** The parts of an input, each with its rules; what breaks one is added to the problems. */
class DraftRules {
  constructor(
    private readonly context: DraftContext,
    private readonly problems: Problem[],
  ) {}

  /** The columns that follow from one part each; what is left out is empty. */
  read(input: CustomerPatch): { columns: ReadColumns; region: PhoneRegion | null } {
    const region = this.region(input.phoneRegion);
    const company = input.company ?? null;
    const firstName = input.firstName ?? null;
    const lastName = input.lastName ?? null;
    const terms = this.terms(input);
    const isCompany = company !== null && firstName === null && lastName === null;
    const columns = {
      kind: input.kind ?? (isCompany ? CustomerKind.COMPANY : CustomerKind.PERSONAL),
      company,
      firstName,
      lastName,
      email: input.email ?? null,
      phones: this.phones(input.phones ?? [], region),
      fax: this.phone(input.fax, region, ["fax"]),
      website: input.website ?? null,
      taxId: input.taxId ?? null,
      paymentTerms: input.paymentTerms ?? null,
      notes: input.notes ?? null,
      tags: distinctTags(input.tags ?? []),
      address: this.address(input.address, ["address"]),
      billingAddress: this.address(input.billingAddress, ["billingAddress"]),
      branchId: terms.branch,
      statusId: terms.status,
      typeId: terms.type,
      groupId: terms.group,
    };
    return { columns, region };
  }

  /** @param values those that are there; only the fields named change */
  customValues(given: readonly CustomFieldInput[], values: CustomValues): CustomValues {
    const { fields } = this.context.references;
    const changed = { ...values };
    const seen = new Set<string>();
    given.forEach(({ field: code, value }, index) => {
      const at = ["customFields", index];
      const field = fields.find(({ codeKey: key }) => key === codeKey(code ?? ""));
      if (!field) {
        const codes = fields.map((known) => known.code);
        this.add([...at, "field"], "UNKNOWN_FIELD", { nearest: nearest(code ?? "", codes) });
        return;
      }
      if (seen.has(field.id)) this.add([...at, "field"], "DUPLICATE", { what: "The field" });
      seen.add(field.id);
      if (isNoValue(field, value)) delete changed[field.id];
      else if (isCustomValue(field, value)) changed[field.id] = value;
      else this.add([...at, "value"], "WRONG_FIELD_VALUE", { type: field.type, options: field.options });
    });
    return changed;
  }

  /** @param keepAbsent whether what an entry with an id leaves out stays */
  contacts(given: readonly ContactInput[], region: PhoneRegion | null, keepAbsent: boolean): ContactDraft[] {
    const there = new Map(this.context.state?.contacts.map((contact) => [contact.id, contact]));
    let primaries = 0;
    const drafts = given.map((contact, index): ContactDraft => {
      const at = ["contacts", index];
      const kept = this.existing(contact.id, there, [...at, "id"], "contact");
      if (contact.isPrimary && ++primaries === 2) this.add([...at, "isPrimary"], "SECOND_PRIMARY");
      const stays = keepAbsent ? kept : undefined;
      return {
        id: kept?.id ?? null,
        name: contact.name,
        title: contact.title === undefined ? (stays?.title ?? null) : contact.title,
        email: contact.email === undefined ? (stays?.email ?? null) : contact.email,
        phone:
          contact.phone === undefined ? (stays?.phone ?? null) : this.phone(contact.phone, region, [...at, "phone"]),
        isPrimary: contact.isPrimary,
      };
    });
    this.once(drafts, "contacts");
    return drafts;
  }

  /** @param keepAbsent whether what an entry with an id leaves out stays; the number always does */
  bankAccounts(given: readonly BankAccountInput[], keepAbsent: boolean): BankAccountDraft[] {
    const there = new Map(this.context.state?.bankAccounts.map((account) => [account.id, account]));
    const drafts = given.map((account, index): BankAccountDraft => {
      const at = ["bankAccounts", index];
      const kept = this.existing(account.id, there, [...at, "id"], "bank account");
      const isMissing = account.id == null ? account.accountNumber == null : account.accountNumber === null;
      if (isMissing) this.add([...at, "accountNumber"], "REQUIRED", { what: "An account number" });
      const stays = keepAbsent ? kept : undefined;
      return {
        id: kept?.id ?? null,
        bankCode: account.bankCode === undefined ? (stays?.bankCode ?? null) : account.bankCode,
        bankName: account.bankName === undefined ? (stays?.bankName ?? null) : account.bankName,
        accountHolderName:
          account.accountHolderName === undefined ? (stays?.accountHolderName ?? null) : account.accountHolderName,
        accountNumber: account.accountNumber ?? null,
      };
    });
    this.once(drafts, "bankAccounts");
    return drafts;
  }

  /**
   * What the tenant asks of every customer.
   * @param isWhole whether all of it is asked for; else only what the input clears
   */
  required({ columns, contacts }: CustomerDraft, input: CustomerInput | CustomerPatch, isWhole: boolean): void {
    const { references, state, path } = this.context;
    const { settings, fields } = references;
    const given = input as CustomerInput;
    const missing: Record<RequirableField, [isMissing: boolean, at: keyof CustomerInput, what: string]> = {
      CODE: [state === undefined && given.code == null, "code", "A code"],
      NAME: [columns.nameIsDerived, "name", "A name"],
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
      const isAsked = settings.requiredFields.includes(field) && (isWhole || given[at] !== undefined);
      const isSaidAlready = this.problems.some((known) => known.path[path.length] === at);
      if (isAsked && isMissing && !isSaidAlready) this.add([at], "REQUIRED", { what });
    }
    for (const { id, code, codeKey: key, required } of fields) {
      if (!required || columns.customValues[id] !== undefined) continue;
      const index = given.customFields?.findIndex((value) => codeKey(value.field ?? "") === key) ?? -1;
      const at = index >= 0 ? ["customFields", index, "value"] : ["customFields"];
      if (isWhole || index >= 0) this.add(at, "REQUIRED", { what: `The custom field "${code}"` });
    }
    const count = (contacts ?? state?.contacts ?? []).length;
    if (settings.companyNeedsContact && columns.kind === CustomerKind.COMPANY && count === 0) {
      this.add(["contacts"], "CONTACT_REQUIRED");
    }
  }

  add(at: ArgumentPath, code: Problem["code"], parameters: Problem["parameters"] = {}): void {
    this.problems.push(problem([...this.context.path, ...at], code, parameters));
  }

  private region(given: string | null | undefined): PhoneRegion | null {
    const byDefault = this.context.references.settings.defaultRegion;
    if (given == null) return byDefault === null ? null : parseRegion(byDefault);
    const region = parseRegion(given);
    if (!region) this.add(["phoneRegion"], "INVALID_REGION");
    return region;
  }

  private phone(given: string | null | undefined, region: PhoneRegion | null, at: ArgumentPath): string | null {
    if (given == null) return null;
    const phone = parsePhone(given, region);
    if (phone === null) this.add(at, "INVALID_PHONE", { region: regionName(region) });
    return phone;
  }

  private phones(given: readonly string[], region: PhoneRegion | null): string[] {
    const phones = given.map((phone, index) => this.phone(phone, region, ["phones", index]));
    return [...new Set(phones.filter((phone) => phone !== null))];
  }

  private address(given: AddressInput | null | undefined, at: ArgumentPath): PostalAddress | null {
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

  private terms(input: Pick<CustomerPatch, TermArgument>): Record<TermArgument, string | null> {
    const { references, termCodes } = this.context;
    const ids: Record<TermArgument, string | null> = { status: null, type: null, group: null, branch: null };
    for (const { argument, label } of TERM_KINDS) {
      const code = input[argument];
      if (code == null) continue;
      const term = references.terms[argument].get(codeKey(code));
      if (term) ids[argument] = term.id;
      else this.add([argument], "UNKNOWN_CODE", { what: label, nearest: nearest(code, termCodes?.[argument] ?? []) });
    }
    return ids;
  }

  /** The record that an entry of a list means by its id. */
  private existing<T>(
    id: string | null | undefined,
    there: ReadonlyMap<string, T>,
    at: ArgumentPath,
    what: string,
  ): T | undefined {
    if (id == null) return undefined;
    const record = there.get(id);
    if (!record) this.add(at, "UNKNOWN_REFERENCE", { what: `${what} of this customer` });
    return record;
  }

  private once(drafts: readonly { readonly id: string | null }[], list: string): void {
    const seen = new Set<string>();
    drafts.forEach(({ id }, index) => {
      if (id === null) return;
      if (seen.has(id)) this.add([list, index, "id"], "DUPLICATE", { what: "The id" });
      seen.add(id);
    });
  }
}

function regionName(region: PhoneRegion | null): string | null {
  if (!region) return null;
  return region.country ?? (region.callingCode === undefined ? null : `+${region.callingCode}`);
}

/** Labels without repetition, in the order given; the first spelling stays. */
export function distinctTags(tags: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const tag of tags) if (!byKey.has(codeKey(tag))) byKey.set(codeKey(tag), tag);
  return [...byKey.values()];
}
