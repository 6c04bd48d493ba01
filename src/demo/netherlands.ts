import { type Country, nameCompany, withCents } from "./country";
import { toIban } from "./iban";
import { list } from "./list";
import { type Random, type Weighted } from "./random";
import { type Industry } from "./taxonomy";
import { dutch } from "./wording-dutch";

const given = list(`
  Anneke; Daan; Sanne; Bram; Femke; Joost; Lotte; Sjoerd; Marijke; Wouter; Zoë; Daniël; Noor; Ruben; Ilse; Thijs; Chloë;
  Maarten; Roos; Bas; Renée; Hidde; Fleur; Gijs; Esmée; Jeroen; Liesbeth; Koen; Tess; Pieter; Yara; Fatima; Mohammed; Stijn;
  Marit; Jelle; Saskia; Teun; Merel; Rutger; André; Tineke; Marloes; Casper; Hanneke`);
const families = list(`
  de Jong; Jansen; de Vries; van den Berg; van der Berg; Bakker; van Dijk; Visser; Smit; Meijer; de Boer; Mulder; de Groot;
  Bos; Vos; Peters; Hendriks; van Leeuwen; Dekker; Brouwer; de Wit; Dijkstra; Smits; de Graaf; van der Meer; Jacobs;
  van der Linden; de Haan; Vermeulen; van den Heuvel; van der Veen; van den Broek; de Bruijn; Schouten; van Beek; Willems;
  van Vliet; Hoekstra; Maas; Verhoeven; Koster; van Dam; Prins; Blom; Huisman; Özdemir; 't Hart; van 't Hof; ter Horst`);
const inventedBrands = list(
  "Zonneweide; Noorderlicht; De Vlinder; Waterkant; Het Anker; Duinzicht; De Linde; Grachtzicht",
);

const legalForms: readonly Weighted<string>[] = [
  ["B.V.", 8],
  ["V.O.F.", 2],
  ["N.V.", 1],
];
const trades: Record<Industry, string[]> = {
  Construction: list("* Bouw; * Installatietechniek; Schildersbedrijf *; * Dakwerken; Aannemersbedrijf *"),
  Healthcare: list("Tandartspraktijk *; * Thuiszorg; Apotheek *; Fysiotherapie *"),
  Hospitality: list("Hotel *; Restaurant *; * Catering; Brasserie *"),
  Logistics: list("* Transport; * Logistiek; Koeriersdienst *"),
  Manufacturing: list("* Metaalbewerking; * Machinebouw; Drukkerij *; Kaasmakerij *; * Verpakkingen"),
  "Professional services": list("* Accountants; * Software; Adviesbureau *; * Notarissen"),
  "Property management": list("* Vastgoed; * Vastgoedbeheer; Makelaardij *"),
  Retail: list("Bakkerij *; * Fietsen; Slagerij *; Tuincentrum *; Boekhandel *; * Bloemen"),
};

const cities = [
  ["Noord-Holland", "Amsterdam", "20", "1012; 1054; 1078; 1091"],
  ["Zuid-Holland", "Rotterdam", "10", "3011; 3024; 3062"],
  ["Zuid-Holland", "Den Haag", "70", "2511; 2563; 2593"],
  ["Utrecht", "Utrecht", "30", "3511; 3524; 3571"],
  ["Noord-Brabant", "Eindhoven", "40", "5611; 5625"],
  ["Groningen", "Groningen", "50", "9711; 9723"],
  ["Noord-Holland", "Haarlem", "23", "2011; 2023"],
  ["Zuid-Holland", "Leiden", "71", "2311; 2321"],
  ["Zuid-Holland", "Delft", "15", "2611; 2624"],
  ["Gelderland", "Nijmegen", "24", "6511; 6525"],
  ["Gelderland", "Arnhem", "26", "6811; 6824"],
  ["Limburg", "Maastricht", "43", "6211; 6221"],
  ["Noord-Brabant", "'s-Hertogenbosch", "73", "5211; 5223"],
  ["Overijssel", "Zwolle", "38", "8011; 8024"],
  ["Fryslân", "Leeuwarden", "58", "8911; 8921"],
  ["Noord-Brabant", "Breda", "76", "4811; 4834"],
] as const;
const streets = list(`
  Kerkstraat; Dorpsstraat; Stationsweg; Molenweg; Schoolstraat; Julianalaan; Wilhelminastraat; Beatrixlaan; Marktplein;
  Prinsengracht; Oude Haven; Singel; Beukenlaan; Eikenlaan; Lindestraat; Nieuwstraat; Kanaalweg; Havenkade; Parallelweg;
  Burgemeesterslaan; Industrieweg; Handelskade; Vondelstraat; Zuiderpark; Veerkade`);

const banks: readonly (readonly [bic: string, name: string])[] = [
  ["ABNANL2A", "ABN AMRO"],
  ["INGBNL2A", "ING"],
  ["RABONL2U", "Rabobank"],
  ["TRIONL2U", "Triodos Bank"],
  ["KNABNL2H", "Knab"],
  ["BUNQNL2A", "bunq"],
  ["ASNBNL21", "ASN Bank"],
];

export const netherlands: Country = {
  wording: dutch,
  utcOffsetHours: 1,

  person(random) {
    const firstName = random.pick(given);
    const lastName = random.pick(families);
    return { name: `${firstName} ${lastName}`, firstName, lastName };
  },

  company(random) {
    const owner = random.pick(families);
    const own = random.weighted([
      [owner, 6],
      [`${owner} & Zonen`, 1],
      [`Gebroeders ${owner}`, 1],
      [random.pick(inventedBrands), 3],
    ]);
    const { brand, industry } = nameCompany(random, trades, own);
    return { name: `${brand} ${random.weighted(legalForms)}`, brand, industry };
  },

  place(random) {
    const [state, city, area, postalCodes] = random.pick(cities);
    const address = {
      country: "NL",
      state,
      city,
      street: `${random.pick(streets)} ${random.int(1, 260)}${random.pick(["", "", "", "A", "-2", "-3"])}`,
      postalCode: `${random.pick(list(postalCodes))} ${postalLetters(random)}`,
    };
    // No range is kept free for fiction, but no number of an area begins with 1: 112 is the emergency number.
    return { address, branch: "AMS", landline: () => `+31${area}1${random.digits(6)}` };
  },

  // 066 was for pagers, never for telephones.
  mobile: (random) => `+3166${random.digits(7)}`,

  taxId: (random) => `NL${random.digits(9)}B0${random.int(1, 3)}`,

  bankAccount(random, holder) {
    const [bankCode, bankName] = random.pick(banks);
    // The bank's own four letters are left out of the number: DEMO is no bank's.
    const accountNumber = toIban("NL", `DEMO${random.digits(10)}`);
    return { bankCode, bankName, accountHolderName: holder, accountNumber };
  },

  money: (random) => ({ amount: withCents(random, 60, 9500), currency: "EUR" }),
};

/** Without vowels, and without S: SA, SD and SS are never given out. */
function postalLetters(random: Random): string {
  const letters = [..."BCDGHJKLNPRTVWXZ"];
  return `${random.pick(letters)}${random.pick(letters)}`;
}
