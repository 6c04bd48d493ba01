import { daysAfter } from "./calendar";
import { list } from "./list";
import { type Random } from "./random";
import { type AssetSeed, type AssetStatus } from "./seeds";
import { type Setting } from "./setting";
import { type AssetCategory, type AssetKind } from "./wording";

interface Product {
  category: AssetCategory;
  kind: AssetKind;
  /** Models by manufacturer. */
  models: Record<string, string>;
}

const catalogue: readonly Product[] = [
  {
    category: "HVAC",
    kind: "airConditioning",
    models: { Daikin: "VRV IV RXYQ10T; VRV 5 RXYA12A", "Mitsubishi Electric": "PUHY-P200; PURY-P300", LG: "Multi V 5" },
  },
  {
    category: "HVAC",
    kind: "ventilation",
    models: { Systemair: "Topvex SR09; Geniox 10", TROX: "X-CUBE compact", Swegon: "GOLD RX 12" },
  },
  {
    category: "HVAC",
    kind: "chiller",
    models: { Carrier: "30RB-080; 30RQ-060", Trane: "CGAX 030; CGAF 090", Daikin: "EWAT085B" },
  },
  {
    category: "Elevator",
    kind: "passengerLift",
    models: {
      KONE: "MonoSpace 500; MiniSpace",
      Otis: "Gen2 Life",
      Schindler: "3300; 5500",
      "TK Elevator": "synergy 200",
    },
  },
  {
    category: "Elevator",
    kind: "goodsLift",
    models: { KONE: "TranSys", Schindler: "2600", "TK Elevator": "meta 200" },
  },
  {
    category: "Printer",
    kind: "printer",
    models: {
      HP: "LaserJet MFP M428; Color LaserJet MFP M480",
      Brother: "MFC-L8900CDW; MFC-L5710DN",
      Kyocera: "ECOSYS M3145dn; TASKalfa 3554ci",
      Ricoh: "IM C3000; IM 430F",
    },
  },
  {
    category: "Generator",
    kind: "generator",
    models: { Cummins: "C150D5; C44D5", Caterpillar: "DE110; DE220", Kohler: "KD200", Hyundai: "DHY22KSE; DHY65KSE" },
  },
  {
    category: "Point of sale",
    kind: "checkout",
    models: { Sunmi: "T2; D3 Pro", Toshiba: "TCx 810", HP: "Engage One" },
  },
  {
    category: "Point of sale",
    kind: "cardTerminal",
    models: { Verifone: "V400m; T650p", Ingenico: "Desk/5000; Move/5000", PAX: "A920; A80" },
  },
  {
    category: "Network",
    kind: "firewall",
    models: { Fortinet: "FortiGate 60F; FortiGate 100F", Cisco: "Meraki MX68" },
  },
  {
    category: "Network",
    kind: "switch",
    models: { Cisco: "Catalyst 9200L", MikroTik: "CRS326", Ubiquiti: "UniFi Switch 24" },
  },
  { category: "Network", kind: "accessPoint", models: { Ubiquiti: "U6 Pro; U6+", Aruba: "AP-515", Cisco: "C9115AX" } },
  {
    category: "Home appliance",
    kind: "roomAirConditioner",
    models: { Panasonic: "CU-XZ12", LG: "Dual Inverter V10", Daikin: "FTXM35R; FTKF25" },
  },
  {
    category: "Home appliance",
    kind: "waterHeater",
    models: { Ariston: "Andris Lux 30; Velis 50", "Stiebel Eltron": "PSH 80", Ferroli: "Calypso 50" },
  },
  {
    category: "Home appliance",
    kind: "washingMachine",
    models: { Bosch: "Serie 6", LG: "F4 Vivace", Miele: "W1" },
  },
  { category: "Home appliance", kind: "dishwasher", models: { Bosch: "Serie 4", Miele: "G 5000", Beko: "BDFN 26" } },
];
const products = {
  COMPANY: catalogue.filter(({ category }) => category !== "Home appliance"),
  PERSONAL: catalogue.filter(({ category }) => category === "Home appliance"),
};

/** What the customer has that can need a technician, the oldest first. */
export function makeAssets(setting: Setting): AssetSeed[] {
  const { random, status } = setting;
  const [min, max] = setting.kind === "COMPANY" ? [1, random.magnitude(2, 9)] : [0, 2];
  const count = status === "lead" ? 0 : random.int(min, max);
  const ages = random.times(count, () => random.int(20, 4400)).sort((a, b) => b - a);
  return ages.map((ageDays) => makeAsset(setting, ageDays));
}

function makeAsset({ random, kind, country, calendar }: Setting, ageDays: number): AssetSeed {
  const product = random.pick(products[kind]);
  const [manufacturer, models] = random.pick(Object.entries(product.models));
  const { assetNames, assets } = country.wording;
  const installedOn = calendar.day(-ageDays);
  return {
    name: assetNames[product.kind],
    category: product.category,
    manufacturer,
    model: random.pick(list(models)),
    serialNumber: serialNumber(random),
    status: statusAtAge(random, ageDays),
    ...random.maybe(0.85, () => ({ location: random.pick(assets[product.category].locations) })),
    ...random.maybe(0.9, () => ({ installedOn })),
    ...random.maybe(0.7, () => ({ warrantyUntil: daysAfter(installedOn, 365 * random.pick([2, 2, 3, 5])) })),
  };
}

function statusAtAge(random: Random, ageDays: number): AssetStatus {
  const isOld = ageDays > 5 * 365;
  return random.weighted([
    ["ACTIVE", 8],
    ["INACTIVE", 1],
    ["RETIRED", isOld ? 2 : 0],
  ]);
}

function serialNumber(random: Random): string {
  const letters = random.times(3, () => random.pick([..."ABCDEFGHJKLMNPRSTUVWXYZ"])).join("");
  return random.pick([
    `${letters}${random.digits(7)}`,
    `${random.digits(4)}-${random.digits(5)}`,
    `SN${random.digits(9)}`,
  ]);
}
