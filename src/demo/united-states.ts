import { type Country, nameCompany, withCents } from "./country";
import { list } from "./list";
import { type Weighted } from "./random";
import { type Industry } from "./taxonomy";
import { englishWith } from "./wording-english";

const given = list(`
  Ashley; Brandon; Caitlin; Darnell; Elena; Frank; Gabriela; Heather; Isaac; Jasmine; Kyle; LaToya; Marcus; Nicole; Omar;
  Paige; Quentin; Rachel; Sergio; Tiffany; Victor; Wendy; Xavier; Yolanda; Zachary; Renée; José; Mónica; Andre; Beth;
  Curtis; Denise; Ethan; Faith; Gregory; Hailey; Irene; Jerome; Kelsey; Logan; Mei; Priya; Nathaniel; Rosa; Travis`);
const families = list(`
  Abbott; Barnes; Castillo; Dalton; Ellison; Foster; Gutiérrez; Hargrove; Ingram; Jefferson; Kowalczyk; Lindgren; Mercer;
  Nakamura; O'Brien; Peña; Quinn; Ramírez; Schultz; Tran; Underwood; Vargas; Whitaker; Yoder; Zimmerman; Bell; Chavez;
  Dixon; Espinoza; Franklin; Greene; Holloway; Iverson; Jensen; Keller; Lambert; Mendoza; Norris; Ortega; Patel; Reyes;
  Stanton; Thornton; Vaughn; Weaver; Chen; Baptiste; Kim`);
const inventedBrands = list(`
  Cedar Ridge; Harbor Point; Blue Mesa; Prairie Wind; Copper Creek; Lakeview; Silver Pine; Red Maple; Bayside; Stonebridge`);

const legalForms: readonly Weighted<string>[] = [
  ["LLC", 6],
  ["Inc.", 4],
  ["Corp.", 1],
];
const trades: Record<Industry, string[]> = {
  Construction: list("* Builders; * Roofing; * Electric; * Heating & Air"),
  Healthcare: list("* Dental; * Family Medicine; * Pharmacy; * Senior Care"),
  Hospitality: list("* Inn; * Diner; * Catering; * Brewing"),
  Logistics: list("* Freight; * Moving & Storage; * Logistics"),
  Manufacturing: list("* Tool & Die; * Packaging; * Furniture; * Plastics"),
  "Professional services": list("* Accounting; * Law Group; * Software; * Design Studio"),
  "Property management": list("* Property Management; * Realty; * Apartments"),
  Retail: list("* Hardware; * Grocery; * Outfitters; * Books; * Auto Parts"),
};

const cities = [
  ["NYC", "NY", "New York", "212", "10001; 10014; 10027"],
  ["NYC", "NY", "Brooklyn", "718", "11201; 11215; 11238"],
  ["NYC", "MA", "Boston", "617", "02108; 02116"],
  ["NYC", "PA", "Philadelphia", "215", "19103; 19147"],
  ["NYC", "GA", "Atlanta", "404", "30303; 30312"],
  ["NYC", "NC", "Raleigh", "919", "27601; 27609"],
  ["NYC", "OH", "Columbus", "614", "43215; 43202"],
  ["NYC", "FL", "Tampa", "813", "33602; 33611"],
  ["DEN", "IL", "Chicago", "312", "60601; 60614; 60622"],
  ["DEN", "TX", "Austin", "512", "78701; 78745"],
  ["DEN", "CO", "Denver", "303", "80202; 80211"],
  ["DEN", "WA", "Seattle", "206", "98101; 98115"],
  ["DEN", "OR", "Portland", "503", "97205; 97214"],
  ["DEN", "CA", "San Diego", "619", "92101; 92104"],
  ["DEN", "MN", "Minneapolis", "612", "55401; 55408"],
  ["DEN", "AZ", "Phoenix", "602", "85004; 85016"],
] as const;
const streets = list(`
  Main St; Oak Ave; Maple Dr; Washington Blvd; Park Ave; 2nd St; Elm St; Lincoln Way; Sunset Blvd; Cherry Ln; River Rd;
  Commerce Dr; Industrial Pkwy; Lake Shore Dr; Franklin St; Jefferson Ave; Mill Rd; Spring St; 14th St; Chestnut St`);

const banks: readonly (readonly [bic: string, name: string])[] = [
  ["CHASUS33", "JPMorgan Chase"],
  ["BOFAUS3N", "Bank of America"],
  ["WFBIUS6S", "Wells Fargo"],
  ["CITIUS33", "Citibank"],
  ["USBKUS44", "U.S. Bank"],
  ["PNCCUS33", "PNC Bank"],
];

export const unitedStates: Country = {
  wording: englishWith({ lift: "elevator", goodsLift: "Freight elevator" }),
  utcOffsetHours: -6,

  person(random) {
    const firstName = random.pick(given);
    const lastName = random.pick(families);
    return { name: `${firstName} ${lastName}`, firstName, lastName };
  },

  company(random) {
    const owner = random.pick(families);
    const own = random.weighted([
      [owner, 3],
      [`${owner} & ${random.pick(families.filter((name) => name !== owner))}`, 1],
      [random.pick(inventedBrands), 4],
    ]);
    const { brand, industry } = nameCompany(random, trades, own);
    return { name: `${brand} ${random.weighted(legalForms)}`, brand, industry };
  },

  place(random) {
    const [branch, state, city, area, postalCodes] = random.pick(cities);
    const address = {
      country: "US",
      state,
      city,
      street: `${random.int(12, 4800)} ${random.pick(streets)}`,
      postalCode: random.pick(list(postalCodes)),
      ...random.maybe(0.3, () => ({ subPremise: `${random.pick(["Suite", "Unit", "Fl"])} ${random.int(2, 40)}` })),
    };
    return { address, branch, landline: () => fictional(area, random.digits(2)) };
  },

  mobile: (random) => fictional(random.pick(cities)[3], random.digits(2)),

  // An Employer Identification Number; the IRS gives out none with these prefixes.
  taxId: (random) => `${random.pick(["07", "08", "09", "17", "18", "19", "28", "29"])}-${random.digits(7)}`,

  bankAccount(random, holder) {
    const [bankCode, bankName] = random.pick(banks);
    return { bankCode, bankName, accountHolderName: holder, accountNumber: random.digits(random.int(9, 12)) };
  },

  money: (random) => ({ amount: withCents(random, 75, 12_000), currency: "USD" }),
};

/** 555-0100 to 555-0199 are kept free for fiction in every area. */
function fictional(area: string, digits: string): string {
  return `+1${area}55501${digits}`;
}
