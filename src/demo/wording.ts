import { type Channel } from "./taxonomy";

/** What assets are about, as told apart by their `category`. */
export const assetCategories = [
  "HVAC",
  "Elevator",
  "Printer",
  "Generator",
  "Point of sale",
  "Network",
  "Home appliance",
] as const;
export type AssetCategory = (typeof assetCategories)[number];

/** Kinds of things, finer than categories. */
export type AssetKind =
  | "airConditioning"
  | "ventilation"
  | "chiller"
  | "passengerLift"
  | "goodsLift"
  | "printer"
  | "generator"
  | "checkout"
  | "cardTerminal"
  | "firewall"
  | "switch"
  | "accessPoint"
  | "roomAirConditioner"
  | "waterHeater"
  | "washingMachine"
  | "dishwasher";

/** Where the assets of one category stand, and the titles of work orders for them. */
export interface AssetWording {
  locations: string[];
  tasks: string[];
}

/** What demo data says in one language. */
export interface Wording {
  /** The ways to be reached that are usual among its speakers. */
  channels: readonly Channel[];
  /** Local parts of a company's mail address. */
  mailboxes: string[];
  /** Days to pay, by the terms in words. */
  paymentTerms: readonly (readonly [terms: string, days: number])[];
  jobTitles: string[];
  /** Titles of a private customer's contacts. */
  householdTitles: string[];
  notes: { COMPANY: string[]; PERSONAL: string[] };
  accessNotes: string[];
  assetNames: Record<AssetKind, string>;
  assets: Record<AssetCategory, AssetWording>;
  /** Titles of work orders for no asset. */
  otherTasks: string[];
  /** Descriptions of work orders. */
  taskDetails: string[];
  /** Titles of contracts; the year follows. */
  contracts: { COMPANY: string[]; PERSONAL: string[] };
}
