import { type Random } from "./random";
import { type AddressSeed, type BankAccountSeed } from "./seeds";
import { type Industry } from "./taxonomy";
import { type Wording } from "./wording";

export interface PersonName {
  /** In the order usual in the country. */
  name: string;
  firstName: string;
  lastName: string;
}

export interface CompanyName {
  /** With its legal form. */
  name: string;
  /** What its domain is named after. */
  brand: string;
  industry: Industry;
}

export interface Place {
  address: AddressSeed;
  /** Code of the branch that looks after it. */
  branch: string;
  /** E.164 */
  landline(): string;
}

/** What makes demo data look like that of one country. Phone numbers are ones that nobody has. */
export interface Country {
  wording: Wording;
  /** Without daylight saving time. */
  utcOffsetHours: number;
  person(random: Random): PersonName;
  company(random: Random): CompanyName;
  place(random: Random): Place;
  /** E.164 */
  mobile(random: Random): string;
  /** Of a business, in the country's shape. */
  taxId(random: Random): string;
  bankAccount(random: Random, holder: string): BankAccountSeed;
  money(random: Random): { amount: string; currency: string };
}

/** Names a company: the trade's "*" is where the owner's or the invented name goes ("Hotel *", "* Catering"). */
export function nameCompany(
  random: Random,
  trades: Record<Industry, string[]>,
  own: string,
): { brand: string; industry: Industry } {
  const [industry, names] = random.pick(Object.entries(trades) as [Industry, string[]][]); // keys of the record
  const brand = random.pick(names).replace("*", own);
  return { brand: brand.charAt(0).toUpperCase() + brand.slice(1), industry };
}

/** An amount between the two, with cents. */
export function withCents(random: Random, min: number, max: number): string {
  return `${random.magnitude(min, max)}.${random.pick(["00", "00", "50", "90", random.digits(2)])}`;
}
