import { makeContracts, makeInvoices } from "./agreements";
import { makeAssets } from "./assets";
import { type Calendar, daysAfter } from "./calendar";
import { countries } from "./countries";
import { makeCompany, makePerson, type Party } from "./parties";
import { type Random, type Weighted } from "./random";
import { type CustomerKind, type CustomerSeed, type CustomValueSeed, type DemoCustomer } from "./seeds";
import { type Setting } from "./setting";
import { tags } from "./taxonomy";
import { makeWorkOrders } from "./work-orders";

const kinds: readonly Weighted<CustomerKind>[] = [
  ["PERSONAL", 55],
  ["COMPANY", 45],
];
const statuses: readonly Weighted<string>[] = [
  ["active", 72],
  ["lead", 9],
  ["prospect", 8],
  ["former", 7],
  ["paused", 4],
];

/**
 * Makes a customer with all that belongs to it.
 * @param takenNames names that others have; gets the new one
 */
export function makeCustomer(random: Random, calendar: Calendar, takenNames: Set<string>): DemoCustomer {
  const country = random.weighted(countries);
  const setting: Setting = {
    random,
    calendar,
    country,
    kind: random.weighted(kinds),
    status: random.weighted(statuses),
    paymentTerms: random.pick(country.wording.paymentTerms),
  };
  const assets = makeAssets(setting);
  const workOrders = makeWorkOrders(setting, assets);
  const contracts = makeContracts(setting);
  const invoices = makeInvoices(setting);
  const earliest = [calendar.day(0), workOrders[0]?.scheduledAt, contracts[0]?.startsOn, invoices[0]?.issuedOn]
    .filter((time) => time !== undefined)
    .reduce((earlier, later) => (earlier < later ? earlier : later));
  return { input: makeInput(setting, takenNames, earliest.slice(0, 10)), assets, workOrders, contracts, invoices };
}

/** @param firstDay of anything that it is on record for */
function makeInput(setting: Setting, takenNames: Set<string>, firstDay: string): CustomerSeed {
  const { random, kind, status, country, paymentTerms } = setting;
  const place = country.place(random);
  const makeParty = kind === "COMPANY" ? makeCompany : makePerson;
  const party = makeParty(setting, place, takenNames);
  const accountCount = random.pick(kind === "COMPANY" ? [0, 0, 1, 1, 1, 2] : [0, 0, 1]);
  return {
    kind,
    status,
    branch: place.branch,
    tags: random.sample(tags, random.pick([0, 0, 1, 1, 2, 3])),
    ...random.maybe(0.92, () => ({ address: place.address })),
    ...random.maybe(0.7, () => ({ paymentTerms: paymentTerms[0] })),
    ...random.maybe(0.3, () => ({ notes: random.pick(country.wording.notes[kind]) })),
    bankAccounts: random.times(accountCount, () => country.bankAccount(random, party.input.name)),
    customFields: makeCustomValues(setting, party, firstDay),
    ...party.input,
  };
}

function makeCustomValues({ random, country, status }: Setting, party: Party, firstDay: string): CustomValueSeed[] {
  const hasHistory = status !== "lead" && status !== "prospect";
  const values: [field: string, value: CustomValueSeed["value"] | undefined][] = [
    ["industry", random.maybe(0.9, () => party.industry)],
    ["employees", random.maybe(0.6, () => party.employees)],
    ["customer_since", random.maybe(hasHistory ? 0.8 : 0, () => daysAfter(firstDay, -random.magnitude(1, 3000)))],
    ["preferred_channels", random.maybe(0.45, () => random.sample(country.wording.channels, random.int(1, 3)))],
    ["newsletter", random.maybe(0.6, () => random.chance(0.4))],
    ["access_notes", random.maybe(0.25, () => random.pick(country.wording.accessNotes))],
    ["satisfaction", random.maybe(hasHistory ? 0.4 : 0, () => random.int(40, 100) / 10)],
  ];
  return values.flatMap(([field, value]) => (value === undefined ? [] : [{ field, value }]));
}
