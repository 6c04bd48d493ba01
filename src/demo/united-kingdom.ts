import { type Country, nameCompany, withCents } from "./country";
import { list } from "./list";
import { type Random, type Weighted } from "./random";
import { type Industry } from "./taxonomy";
import { englishWith } from "./wording-english";

const given = list(`
  Alistair; Bethan; Callum; Daisy; Eilidh; Fergus; Gemma; Harriet; Imogen; Jamal; Kirsty; Lewis; Megan; Nia; Oisín; Poppy;
  Rhys; Siobhán; Tariq; Una; Vikram; Winifred; Yasmin; Zara; Angus; Bridget; Colin; Deepa; Elspeth; Freddie; Gareth;
  Hamish; Isla; Joanna; Kieran; Lorna; Martin; Nigel; Olive; Priyanka; Rosie; Stuart; Trevor; Verity; Wesley`);
const families = list(`
  Atkinson; Blackwood; Carmichael; Davies; Entwistle; Fairclough; Gwynne; Hartley; Illingworth; Jardine; Khan; Lovell;
  MacKenzie; Nicholls; O'Connor; Pemberton; Quigley; Ravenscroft; Sutcliffe; Thackeray; Upton; Vickers; Wainwright; Yates;
  Ashworth; Bhatt; Crawford; Dunne; Ellis; Fraser; Goodwin; Hussain; Ó Murchú; Kaur; Llewellyn; Mistry; Okafor; Pritchard;
  Rutherford; Shah; Tolland; Whitfield; Barrow-Hughes; Fenwick`);
const inventedBrands = list(`
  Fernhill; Oakmere; Rivergate; Thistle; Kingfisher; Millbrook; Harrow Lane; Saltmarsh; Northgate; Bramble; Larkfield`);

const legalForms: readonly Weighted<string>[] = [
  ["Ltd", 9],
  ["LLP", 1],
  ["plc", 1],
];
const trades: Record<Industry, string[]> = {
  Construction: list("* Builders; * Roofing; * Electrical; * Plumbing & Heating"),
  Healthcare: list("* Dental Practice; * Care Homes; * Pharmacy; * Physiotherapy"),
  Hospitality: list("The * Arms; * Hotels; * Catering; * Tea Rooms"),
  Logistics: list("* Haulage; * Couriers; * Removals"),
  Manufacturing: list("* Engineering; * Joinery; * Packaging; * Printworks"),
  "Professional services": list("* Accountants; * Solicitors; * Software; * Surveyors"),
  "Property management": list("* Lettings; * Estates; * Property Management"),
  Retail: list("* Garden Centre; * Bakery; * Cycles; * Books; * Butchers"),
};

/** Post towns, their districts, and the numbers that Ofcom keeps free for drama there, up to three digits to follow. */
const cities = [
  ["England", "London", "E8; N1; SE1; SW4; W6", "2079460"],
  ["England", "Leeds", "LS1; LS6", "1134960"],
  ["England", "Sheffield", "S1; S11", "1144960"],
  ["England", "Nottingham", "NG1; NG7", "1154960"],
  ["England", "Leicester", "LE1; LE2", "1164960"],
  ["England", "Bristol", "BS1; BS6", "1174960"],
  ["England", "Birmingham", "B2; B13", "1214960"],
  ["Scotland", "Edinburgh", "EH1; EH8", "1314960"],
  ["Scotland", "Glasgow", "G2; G12", "1414960"],
  ["England", "Liverpool", "L1; L17", "1514960"],
  ["England", "Manchester", "M1; M20", "1614960"],
  ["England", "Newcastle upon Tyne", "NE1; NE2", "1914980"],
  ["Northern Ireland", "Belfast", "BT1; BT9", "2896496"],
  ["Wales", "Cardiff", "CF10; CF24", "2920180"],
] as const;
const streets = list(`
  High Street; Church Lane; Station Road; Victoria Road; Mill Lane; Queen Street; King's Road; Albert Terrace; The Crescent;
  Park View; Orchard Close; Green Lane; Castle Street; Bridge Street; Grange Road; St Mary's Walk; Canal Wharf; Manor Drive`);
const buildings = list("The Old Mill; Quayside House; Jubilee Court; The Maltings; Albion Works");

const banks: readonly (readonly [bic: string, name: string])[] = [
  ["BARCGB22", "Barclays"],
  ["LOYDGB2L", "Lloyds Bank"],
  ["NWBKGB2L", "NatWest"],
  ["HBUKGB4B", "HSBC UK"],
  ["NAIAGB21", "Nationwide"],
  ["MONZGB2L", "Monzo"],
];

export const unitedKingdom: Country = {
  wording: englishWith({ lift: "lift", goodsLift: "Goods lift" }),
  utcOffsetHours: 0,

  person(random) {
    const firstName = random.pick(given);
    const lastName = random.pick(families);
    return { name: `${firstName} ${lastName}`, firstName, lastName };
  },

  company(random) {
    const owner = random.pick(families);
    const own = random.weighted([
      [owner, 3],
      [`${owner} & ${random.pick(["Sons", "Daughters", "Co."])}`, 1],
      [random.pick(inventedBrands), 4],
    ]);
    const { brand, industry } = nameCompany(random, trades, own);
    return { name: `${brand} ${random.weighted(legalForms)}`, brand, industry };
  },

  place(random) {
    const [state, city, districts, drama] = random.pick(cities);
    const address = {
      country: "GB",
      state,
      city,
      street: `${random.int(1, 190)} ${random.pick(streets)}`,
      postalCode: `${random.pick(list(districts))} ${inwardCode(random)}`,
      ...random.maybe(0.15, () => ({ building: random.pick(buildings), subPremise: `Unit ${random.int(1, 24)}` })),
    };
    return { address, branch: "LON", landline: () => `+44${drama}${random.digits(3)}` };
  },

  mobile: (random) => `+447700900${random.digits(3)}`,

  taxId: (random) => `GB${random.digits(9)}`,

  bankAccount(random, holder) {
    const [bankCode, bankName] = random.pick(banks);
    return { bankCode, bankName, accountHolderName: holder, accountNumber: random.digits(8) };
  },

  money: (random) => ({ amount: withCents(random, 50, 8500), currency: "GBP" }),
};

function inwardCode(random: Random): string {
  const letters = [..."ABDEFGHJLNPQRSTUWXYZ"];
  return `${random.int(0, 9)}${random.pick(letters)}${random.pick(letters)}`;
}
