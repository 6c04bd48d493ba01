import { toDomainLabel, toMailPart } from "./ascii";
import { type PersonName, type Place } from "./country";
import { type Random } from "./random";
import { type ContactSeed, type CustomerSeed } from "./seeds";
import { type Setting } from "./setting";
import { type Industry } from "./taxonomy";

/** What depends on whether the customer is a person or a company. */
export interface Party {
  input: Pick<CustomerSeed, "name" | "phones" | "contacts" | "type" | "group"> & Partial<CustomerSeed>;
  industry?: Industry;
  employees?: number;
}

const mailDomains = ["example.com", "example.org", "example.net"];

/** A company has at least one contact. */
export function makeCompany(setting: Setting, place: Place, takenNames: Set<string>): Party {
  const { random, country } = setting;
  const { name, brand, industry } = takeName(takenNames, () => country.company(random));
  const domain = `${toDomainLabel(brand)}.example`;
  const employees = random.magnitude(2, 900);
  const input = {
    name,
    company: name,
    phones: distinct(
      place.landline(),
      random.maybe(0.3, () => country.mobile(random)),
    ),
    ...random.maybe(0.9, () => ({ email: `${random.pick(country.wording.mailboxes)}@${domain}` })),
    ...random.maybe(0.25, () => ({ fax: place.landline() })),
    ...random.maybe(0.65, () => ({ website: `https://www.${domain}` })),
    ...random.maybe(0.85, () => ({ taxId: country.taxId(random) })),
    ...random.maybe(0.2, () => ({ billingAddress: country.place(random).address })),
    type: employees < 50 ? "small-business" : "enterprise",
    group: random.pick(["standard", "standard", "service-plan", "key-account", "partner"]),
    contacts: withPrimary(
      random,
      random.times(random.pick([1, 1, 1, 2, 2, 3, 4]), () => makeEmployee(setting, domain)),
    ),
  };
  return { input, industry, employees };
}

function makeEmployee({ random, country }: Setting, domain: string): ContactSeed {
  const person = country.person(random);
  return {
    name: person.name,
    ...random.maybe(0.9, () => ({ title: random.pick(country.wording.jobTitles) })),
    ...random.maybe(0.85, () => ({ email: `${mailboxOf(person)}@${domain}` })),
    ...random.maybe(0.6, () => ({ phone: country.mobile(random) })),
    isPrimary: false,
  };
}

/** Some persons are self-employed and have a tax id; a few have somebody else to call. */
export function makePerson(setting: Setting, place: Place, takenNames: Set<string>): Party {
  const { random, country } = setting;
  const person = takeName(takenNames, () => country.person(random));
  const isSelfEmployed = random.chance(0.12);
  const input = {
    ...person,
    phones: distinct(
      random.maybe(0.95, () => country.mobile(random)),
      random.maybe(0.25, () => place.landline()),
    ),
    ...random.maybe(0.85, () => ({ email: `${mailboxOf(person)}@${random.pick(mailDomains)}` })),
    ...(isSelfEmployed && { taxId: country.taxId(random) }),
    type: isSelfEmployed ? "self-employed" : "household",
    group: random.pick(["standard", "standard", "standard", "service-plan"]),
    contacts: withPrimary(
      random,
      random.times(random.pick([0, 0, 0, 0, 0, 1, 2]), () => makeRelation(setting)),
    ),
  };
  return { input };
}

function makeRelation({ random, country }: Setting): ContactSeed {
  const title = random.pick(country.wording.householdTitles);
  return { name: country.person(random).name, title, phone: country.mobile(random), isPrimary: false };
}

/** Mostly the first contact is the primary one, sometimes none is. */
function withPrimary(random: Random, contacts: readonly ContactSeed[]): ContactSeed[] {
  const hasPrimary = random.chance(0.85);
  return contacts.map((contact, index) => ({ ...contact, isPrimary: hasPrimary && index === 0 }));
}

function distinct(...phones: (string | undefined)[]): string[] {
  return [...new Set(phones.filter((phone) => phone !== undefined))];
}

function mailboxOf({ firstName, lastName }: PersonName): string {
  return `${toMailPart(firstName)}.${toMailPart(lastName)}`;
}

/** Draws again a few times when the name is taken; then two have the same, as happens. */
function takeName<T extends { name: string }>(taken: Set<string>, draw: () => T): T {
  let drawn = draw();
  for (let attempt = 0; attempt < 20 && taken.has(drawn.name); attempt++) drawn = draw();
  taken.add(drawn.name);
  return drawn;
}
