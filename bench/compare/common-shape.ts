import { maskAccountNumber } from "../../src/bank-accounts/account-number-cipher";

type Fields = Record<string, unknown>;
type Replace = (name: string, value: unknown) => unknown;

/** A copy of an answer with each property's value replaced, the inner ones first. */
export function rewritten(data: unknown, ...replacements: readonly Replace[]): unknown {
  return JSON.parse(JSON.stringify(data), (name, value: unknown) =>
    replacements.reduce((replaced, replace) => replace(name, replaced), value),
  );
}

/** What is called `…At` is an instant: as Clientele writes it. */
export const isoTimes: Replace = (name, value) =>
  name.endsWith("At") && typeof value === "string" ? new Date(value).toISOString() : value;

/** Lists of a customer that have pages in Clientele stand in `nodes`. */
export const listsInNodes: Replace = (name, value) =>
  name === "assets" || name === "workOrders" ? { nodes: value } : value;

const ADDRESS_FIELDS = ["country", "city", "district", "street", "postalCode"];

/** Of an address that comes whole, the fields that the others are asked for. */
export const addressFields: Replace = (name, value) =>
  name === "address" && value !== null
    ? Object.fromEntries(ADDRESS_FIELDS.map((field) => [field, (value as Fields)[field]]))
    : value;

/** An account number is masked by whoever gets its last characters and its length. */
export const maskedAccounts: Replace = (name, value) =>
  name === "bankAccounts"
    ? (value as Fields[]).map(({ accountNumberLastFour, accountNumberLength, ...account }) => ({
        ...account,
        maskedAccountNumber: maskAccountNumber({ accountNumberLastFour, accountNumberLength } as Shown),
      }))
    : value;

type Shown = Parameters<typeof maskAccountNumber>[0];
