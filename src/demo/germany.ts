import { type Country, nameCompany, withCents } from "./country";
import { toIban } from "./iban";
import { list } from "./list";
import { type Random, type Weighted } from "./random";
import { type Industry } from "./taxonomy";
import { german } from "./wording-german";

const given = list(`
  Jürgen; Sabine; Björn; Käthe; Anna; Lukas; Jörg; Heike; Uwe; Petra; Sönke; Friederike; Matthias; Ulrike; Torsten; Anke;
  Lars; Emre; Aylin; Jonas; Leonie; Niklas; Marlene; Felix; Gülşen; Dieter; Renate; Götz; Bärbel; Moritz;
  Franziska; Hannes; Katrin; Oliver; Silke; Rüdiger; Charlotte; Fabian; Greta; Stefan; Nadja; Henrik; Mareike; Volker`);
const families = list(`
  Müller; Schmidt; Schneider; Fischer; Weber; Wagner; Schäfer; Hoffmann; Köhler; Krüger; Böhm; Groß; Weiß; Jäger;
  Günther; Lüdtke; Hübner; Schröder; Winkler; Lorenz; Baumann; Franke; Albrecht; Schuster; Simon; Ludwig; Seidel;
  Haas; Schreiber; Graf; Ziegler; Kuhn; Pohl; Engel; Horn; Busch; Bergmann; Voigt; Sauer; Pfeiffer;
  Yılmaz; Kowalski; Nowak; Brückner; Königsmann; Straßer; Möller; Lindner; Petersen; Hansen; Thiele`);
const inventedBrands = list(
  "Lindenhof; Nordlicht; Rheinblick; Tannengrund; Sonneneck; Elbufer; Birkenfeld; Kaltenbach",
);

const legalForms: readonly Weighted<string>[] = [
  ["GmbH", 7],
  ["GmbH & Co. KG", 3],
  ["KG", 1],
  ["AG", 1],
  ["e. K.", 1],
  ["UG (haftungsbeschränkt)", 1],
];
const trades: Record<Industry, string[]> = {
  Construction: list("* Elektrotechnik; * Hoch- und Tiefbau; * Dachbau; Malerbetrieb *; * Sanitär und Heizung"),
  Healthcare: list("* Medizintechnik; Sanitätshaus *; Pflegedienst *; Dentallabor *"),
  Hospitality: list("Hotel *; Gasthof *; * Gastronomie; Café *"),
  Logistics: list("* Logistik; Spedition *; * Kurierdienste"),
  Manufacturing: list("* Metallbau; * Maschinenbau; * Verpackungen; Brauerei *; Druckerei *; Möbelwerk *"),
  "Professional services": list("* Steuerberatung; * Softwarelösungen; Ingenieurbüro *; Architekten *"),
  "Property management": list("* Hausverwaltung; * Immobilien; Wohnbau *"),
  Retail: list("Bäckerei *; * Lebensmittel; Autohaus *; Gartencenter *; Buchhandlung *"),
};

const cities = [
  ["BER", "Berlin", "Berlin", "10115; 10437; 12043; 13353; 14059"],
  ["BER", "Hamburg", "Hamburg", "20095; 20357; 22303; 22765"],
  ["MUC", "Bayern", "München", "80331; 80797; 81667"],
  ["MUC", "Nordrhein-Westfalen", "Köln", "50667; 50823; 51103"],
  ["MUC", "Hessen", "Frankfurt am Main", "60311; 60594; 60385"],
  ["MUC", "Baden-Württemberg", "Stuttgart", "70173; 70565"],
  ["MUC", "Nordrhein-Westfalen", "Düsseldorf", "40210; 40477"],
  ["BER", "Sachsen", "Leipzig", "04109; 04229"],
  ["BER", "Sachsen", "Dresden", "01067; 01309"],
  ["MUC", "Bayern", "Nürnberg", "90402; 90429"],
  ["BER", "Niedersachsen", "Hannover", "30159; 30449"],
  ["BER", "Bremen", "Bremen", "28195; 28203"],
  ["MUC", "Baden-Württemberg", "Freiburg im Breisgau", "79098; 79104"],
  ["MUC", "Nordrhein-Westfalen", "Münster", "48143; 48155"],
  ["MUC", "Saarland", "Saarbrücken", "66111; 66121"],
  ["BER", "Mecklenburg-Vorpommern", "Rostock", "18055; 18057"],
  ["BER", "Thüringen", "Erfurt", "99084; 99096"],
] as const;
const streets = list(`
  Hauptstraße; Bahnhofstraße; Gartenstraße; Schulstraße; Lindenallee; Goethestraße; Schillerstraße; Mozartstraße; Am Markt;
  Kirchgasse; Mühlenweg; Königstraße; Bergstraße; Ringstraße; Birkenweg; Rosenstraße; Wiesengrund; Am Alten Hafen;
  Industriestraße; Gewerbepark; Marienplatz; Uferweg; Kastanienallee; Brückenstraße; Lessingstraße`);

/** What the Bundesnetzagentur keeps free for films and books (Mitteilung 148/2021), three and two digits to follow. */
const areaOfCity: Record<string, string> = {
  Berlin: "3023125",
  Hamburg: "4066969",
  München: "8999998",
  Köln: "2214710",
  "Frankfurt am Main": "6990009",
};
const mobilePrefixes = ["17139200", "176040690"];

const banks: readonly (readonly [bic: string, name: string])[] = [
  ["DEUTDEFF", "Deutsche Bank"],
  ["COBADEFF", "Commerzbank"],
  ["GENODEFF", "DZ BANK"],
  ["INGDDEFF", "ING"],
  ["BYLADEM1001", "Deutsche Kreditbank"],
  ["PBNKDEFF", "Postbank"],
  ["SOLADEST600", "BW-Bank"],
  ["HASPDEHH", "Hamburger Sparkasse"],
];

export const germany: Country = {
  wording: german,
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
      [`${owner} & Söhne`, 1],
      [`${owner} & Partner`, 1],
      [random.pick(inventedBrands), 3],
    ]);
    const { brand, industry } = nameCompany(random, trades, own);
    return { name: `${brand} ${random.weighted(legalForms)}`, brand, industry };
  },

  place(random) {
    const [branch, state, city, postalCodes] = random.pick(cities);
    const address = {
      country: "DE",
      state,
      city,
      street: `${random.pick(streets)} ${random.int(1, 148)}${random.pick(["", "", "", "a", "b"])}`,
      postalCode: random.pick(list(postalCodes)),
      ...random.maybe(0.1, () => ({ subPremise: random.pick(["Hinterhaus", "2. OG", "3. OG links", "Aufgang B"]) })),
    };
    return { address, branch, landline: () => landline(random, city) };
  },

  mobile: (random) => `+49${random.pick(mobilePrefixes)}${random.digits(2)}`,

  taxId: (random) => `DE${random.int(1, 3)}${random.digits(8)}`,

  bankAccount(random, holder) {
    const [bankCode, bankName] = random.pick(banks);
    // A sort code (Bankleitzahl) begins with 1 to 8: with 0 it is no bank's.
    const accountNumber = toIban("DE", `0${random.digits(17)}`);
    return { bankCode, bankName, accountHolderName: holder, accountNumber };
  },

  money: (random) => ({ amount: withCents(random, 60, 9500), currency: "EUR" }),
};

/** Other cities get a number of one that has free ones: many companies are reached at their head office. */
function landline(random: Random, city: string): string {
  return `+49${areaOfCity[city] ?? random.pick(Object.values(areaOfCity))}${random.digits(3)}`;
}
