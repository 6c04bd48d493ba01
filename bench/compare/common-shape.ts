import { maskAccountNumber } from "../../src/bank-accounts/account-number-cipher";

type Fields = Record<string, unknown>;

/** What is called `…At` is an instant: as Clientele writes it. */
export function isoTimes(data: unknown): unknown {
  return rewritten(data, (name, value) =>
    name.endsWith("At") && typeof value === "string" ? new Date(value).toISOString() : value,
  );
}

/** Lists that have pages in Clientele stand in `nodes`, addresses have the fields asked for, account numbers are masked. */
export function renamed(data: unknown): unknown {
  return rewritten(data, (name, value) => {
    if (name === "assets" || name === "workOrders") return { nodes: value };
    if (name === "address" && value !== null) return picked(value as Fields, ADDRESS);
    if (name === "bankAccounts") return (value as Fields[]).map(masked);
    return value;
  });
}

const ADDRESS = ["country", "city", "district", "street", "postalCode"];

const picked = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]));

function masked({ accountNumberLastFour, accountNumberLength, ...account }: Fields): Fields {
  const number = { accountNumberLastFour, accountNumberLength } as Parameters<typeof maskAccountNumber>[0];
  return { ...account, maskedAccountNumber: maskAccountNumber(number) };
}

/** Each property's value replaced, the inner ones first. */
function rewritten(data: unknown, replace: (name: string, value: unknown) => unknown): unknown {
  return JSON.parse(JSON.stringify(data), replace);
}
