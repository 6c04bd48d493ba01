import { parsePhoneNumberFromString } from "libphonenumber-js";
import { makeDemoData } from "../../src/demo/demo-data";
import { type CustomerFieldSeed, type CustomValueSeed, type DemoCustomer } from "../../src/demo/seeds";

const today = new Date("2026-03-11T09:30:00Z");
const thisDay = "2026-03-11";
const demo = makeDemoData({ customers: 500, today });
const inputs = demo.customers.map(({ input }) => input);

test("gives the same data for the same options", () => {
  expect(makeDemoData({ customers: 500, today })).toEqual(demo);
  expect(makeDemoData({ today: new Date("2026-03-11T23:59:59Z") })).toEqual(demo);
});

test("gives the same customers first when there are more, and others for another seed", () => {
  expect(makeDemoData({ customers: 20, today }).customers).toEqual(demo.customers.slice(0, 20));
  expect(makeDemoData({ customers: 20, today, seed: 2 }).customers).not.toEqual(demo.customers.slice(0, 20));
});

test("makes 500 customers of different names, persons and companies, in five countries", () => {
  expect(demo.customers).toHaveLength(500);
  expect(new Set(inputs.map(({ name }) => name)).size).toBeGreaterThan(480);
  expect(share(inputs, ({ kind }) => kind === "COMPANY")).toBeCloseTo(0.45, 1);
  expect(share(inputs, ({ branch }) => ["HAN", "DAD", "SGN"].includes(branch))).toBeCloseTo(0.4, 1);
  expect(share(inputs, ({ branch }) => ["LON", "NYC", "DEN"].includes(branch))).toBeCloseTo(0.25, 1);
  expect(share(inputs, ({ branch }) => ["BER", "MUC"].includes(branch))).toBeCloseTo(0.2, 1);
  expect(share(inputs, ({ branch }) => branch === "AMS")).toBeCloseTo(0.15, 1);
  expect(valuesOf(inputs, ({ address }) => address?.country)).toEqual(["DE", "GB", "NL", "US", "VN"]);
});

test("shows every state of everything", () => {
  const { assets, workOrders, contracts, invoices } = belongings(demo.customers);
  expect(valuesOf(assets, ({ status }) => status)).toEqual(["ACTIVE", "INACTIVE", "RETIRED"]);
  expect(valuesOf(workOrders, ({ status }) => status)).toEqual([
    "CANCELLED",
    "COMPLETED",
    "IN_PROGRESS",
    "ON_HOLD",
    "OPEN",
    "SCHEDULED",
  ]);
  expect(valuesOf(workOrders, ({ priority }) => priority)).toEqual(["HIGH", "LOW", "NORMAL", "URGENT"]);
  expect(valuesOf(contracts, ({ status }) => status)).toEqual(["ACTIVE", "DRAFT", "EXPIRED", "TERMINATED"]);
  expect(valuesOf(invoices, ({ status }) => status)).toEqual(["DRAFT", "PAID", "PENDING", "VOID"]);
  expect(valuesOf(demo.fields, ({ type }) => type)).toEqual([
    "BOOLEAN",
    "DATE",
    "MULTI_SELECT",
    "NUMBER",
    "SELECT",
    "TEXT",
  ]);
});

test("uses each branch, status, type, group and custom field, and no others", () => {
  const used = (codeOf: (input: (typeof inputs)[number]) => string) => valuesOf(inputs, codeOf);
  expect(used(({ branch }) => branch)).toEqual(valuesOf(demo.branches, ({ code }) => code));
  expect(used(({ status }) => status)).toEqual(valuesOf(demo.statuses, ({ code }) => code));
  expect(used(({ type }) => type)).toEqual(valuesOf(demo.types, ({ code }) => code));
  expect(used(({ group }) => group)).toEqual(valuesOf(demo.groups, ({ code }) => code));
  const fieldsUsed = inputs.flatMap(({ customFields }) => customFields).map(({ field }) => field);
  expect(valuesOf(fieldsUsed, (field) => field)).toEqual(valuesOf(demo.fields, ({ code }) => code));
});

test("gives custom fields values of their type, each at most once", () => {
  const fieldByCode = new Map(demo.fields.map((field) => [field.code, field]));
  for (const { customFields } of inputs) {
    expect(new Set(customFields.map(({ field }) => field)).size).toBe(customFields.length);
    expect(customFields.filter(({ field, value }) => !fits(fieldByCode.get(field), value))).toEqual([]);
  }
});

test("writes phone and fax numbers in E.164, possible ones, none twice for a customer", () => {
  const numbers = inputs.flatMap(({ phones, fax, contacts }) => [
    ...phones,
    ...(fax ? [fax] : []),
    ...contacts.flatMap(({ phone }) => phone ?? []),
  ]);
  const impossible = numbers.filter((number) => {
    const phone = parsePhoneNumberFromString(number);
    return !phone?.isPossible() || phone.number !== number;
  });
  expect(numbers.length).toBeGreaterThan(700);
  expect(impossible).toEqual([]);
  for (const { phones } of inputs) expect(new Set(phones).size).toBe(phones.length);
});

test("uses only mail addresses and websites of reserved domains", () => {
  const emails = inputs
    .flatMap(({ email, contacts }) => [email ?? [], ...contacts.map(({ email }) => email ?? [])])
    .flat();
  const address = /^[a-z0-9]+(\.[a-z0-9]+)*@(example\.(com|net|org)|[a-z0-9]+(-[a-z0-9]+)*\.example)$/;
  expect(emails.length).toBeGreaterThan(500);
  expect(emails.filter((email) => !address.test(email))).toEqual([]);
  const websites = inputs.flatMap(({ website }) => website ?? []);
  expect(websites.length).toBeGreaterThan(50);
  expect(websites.filter((website) => !/^https:\/\/www\.[a-z0-9-]+\.example$/.test(website))).toEqual([]);
});

test("gives companies a contact, and nobody more than four contacts or two primary ones", () => {
  for (const { kind, company, contacts, bankAccounts } of inputs) {
    expect(contacts.length).toBeGreaterThanOrEqual(kind === "COMPANY" ? 1 : 0);
    expect(contacts.length).toBeLessThanOrEqual(4);
    expect(contacts.filter(({ isPrimary }) => isPrimary).length).toBeLessThanOrEqual(1);
    expect(bankAccounts.length).toBeLessThanOrEqual(2);
    expect(company !== undefined).toBe(kind === "COMPANY");
  }
});

test("makes German and Dutch account numbers with right check digits", () => {
  const ibans = inputs.flatMap(({ bankAccounts }) => bankAccounts).map(({ accountNumber }) => accountNumber);
  const written = ibans.filter((number) => /^[A-Z]/.test(number));
  expect(written.length).toBeGreaterThan(50);
  expect(written.filter((iban) => !/^(DE\d{20}|NL\d{2}DEMO\d{10})$/.test(iban) || mod97(iban) !== 1n)).toEqual([]);
});

test("writes every text in NFC, trimmed, without runs of spaces and without empty ones", () => {
  const texts = textsIn(demo);
  expect(texts.length).toBeGreaterThan(10_000);
  expect(texts.filter((text) => text !== text.normalize("NFC"))).toEqual([]);
  expect(texts.filter((text) => text !== text.trim() || text === "" || /\s{2}|[\n\t*]|undefined/.test(text))).toEqual(
    [],
  );
});

test("leaves a third of the customers without work orders and gives some ten and more", () => {
  const counts = demo.customers.map(({ workOrders }) => workOrders.length);
  expect(share(counts, (count) => count === 0)).toBeGreaterThan(0.3);
  expect(share(counts, (count) => count === 0)).toBeLessThan(0.4);
  expect(counts.filter((count) => count >= 10).length).toBeGreaterThan(10);
});

test("plans work orders when their state says, for assets that were there", () => {
  for (const { assets, workOrders } of demo.customers) {
    for (const { status, scheduledAt, asset } of workOrders) {
      if (scheduledAt) expect(scheduledAt).toBe(new Date(scheduledAt).toISOString());
      if (status !== "OPEN") expect(scheduledAt).toBeDefined();
      if (status === "COMPLETED" || status === "IN_PROGRESS") expect(scheduledAt! < thisDay).toBe(true);
      if (status === "SCHEDULED") expect(scheduledAt! >= "2026-03-10" && scheduledAt! < "2026-04-15").toBe(true);
      if (asset !== undefined) expect((assets[asset]!.installedOn ?? "") <= (scheduledAt ?? "2026-05")).toBe(true);
    }
  }
});

test("dates contracts, invoices and warranties as their states say", () => {
  const { assets, contracts, invoices } = belongings(demo.customers);
  for (const { status, startsOn, endsOn } of contracts) {
    if (startsOn && endsOn) expect(startsOn < endsOn).toBe(true);
    if (status === "DRAFT") expect((startsOn ?? "9999") > thisDay).toBe(true);
    if (status === "ACTIVE") expect(startsOn! < thisDay && (endsOn ?? "9999") >= thisDay).toBe(true);
    if (status === "EXPIRED" || status === "TERMINATED") expect(endsOn! < thisDay).toBe(true);
  }
  for (const { status, issuedOn, dueOn } of invoices) {
    expect(issuedOn === undefined).toBe(status === "DRAFT");
    if (issuedOn) expect(issuedOn <= thisDay && issuedOn <= dueOn!).toBe(true);
  }
  for (const { installedOn, warrantyUntil } of assets) {
    expect((installedOn ?? "") < thisDay && (installedOn ?? "") < (warrantyUntil ?? "9999")).toBe(true);
  }
});

test("writes amounts as decimals, dongs without a fraction", () => {
  const { invoices } = belongings(demo.customers);
  expect(valuesOf(invoices, ({ currency }) => currency)).toEqual(["EUR", "GBP", "USD", "VND"]);
  for (const { amount, currency } of invoices) {
    expect(amount).toMatch(currency === "VND" ? /^[1-9]\d*000$/ : /^[1-9]\d*\.\d{2}$/);
  }
});

test("keeps leads without history and former customers without anything open", () => {
  for (const { input, assets, workOrders, contracts, invoices } of demo.customers) {
    if (input.status === "lead") expect([assets, workOrders, contracts, invoices].flat()).toEqual([]);
    if (input.status !== "former") continue;
    expect(workOrders.filter(({ status }) => status !== "COMPLETED" && status !== "CANCELLED")).toEqual([]);
    expect(contracts.filter(({ status }) => status === "ACTIVE" || status === "DRAFT")).toEqual([]);
    expect(invoices.filter(({ status }) => status === "PENDING" || status === "DRAFT")).toEqual([]);
  }
});

test("has had customers since before anything else of theirs", () => {
  for (const { input, workOrders, contracts, invoices } of demo.customers) {
    const since = input.customFields.find(({ field }) => field === "customer_since")?.value;
    const days = [
      ...workOrders.flatMap(({ scheduledAt }) => scheduledAt ?? []),
      ...contracts.flatMap(({ startsOn }) => startsOn ?? []),
      ...invoices.flatMap(({ issuedOn }) => issuedOn ?? []),
    ];
    if (typeof since === "string") expect(days.filter((day) => day < since)).toEqual([]);
  }
});

function belongings(customers: readonly DemoCustomer[]) {
  return {
    assets: customers.flatMap(({ assets }) => assets),
    workOrders: customers.flatMap(({ workOrders }) => workOrders),
    contracts: customers.flatMap(({ contracts }) => contracts),
    invoices: customers.flatMap(({ invoices }) => invoices),
  };
}

function fits(field: CustomerFieldSeed | undefined, value: CustomValueSeed["value"]): boolean {
  const isOption = (option: unknown) => typeof option === "string" && !!field?.options?.includes(option);
  switch (field?.type) {
    case "TEXT":
      return typeof value === "string";
    case "NUMBER":
      return typeof value === "number" && Number.isFinite(value);
    case "BOOLEAN":
      return typeof value === "boolean";
    case "DATE":
      return typeof value === "string" && new Date(value).toISOString().startsWith(value);
    case "SELECT":
      return isOption(value);
    case "MULTI_SELECT":
      return Array.isArray(value) && value.length > 0 && value.every(isOption) && new Set(value).size === value.length;
    case undefined:
      return false;
  }
}

function mod97(iban: string): bigint {
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n;
}

function share<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.filter(isCounted).length / items.length;
}

/** All strings anywhere in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The different values that there are, sorted. */
function valuesOf<T>(items: readonly T[], valueOf: (item: T) => string | undefined): string[] {
  return [...new Set(items.flatMap((item) => valueOf(item) ?? []))].sort();
}
