import { Calendar } from "./calendar";
import { makeCustomer } from "./customers";
import { Random } from "./random";
import { type CustomerFieldSeed, type DemoCustomer, type TermSeed } from "./seeds";
import { branches, fields, groups, statuses, types } from "./taxonomy";

export { type DemoCustomer };

export interface DemoOptions {
  /** How many; 500 when not given. */
  customers?: number;
  /** The day (in UTC) that dates are counted from. */
  today: Date;
  seed?: number;
}

/** Everything that a demo tenant starts with, in the order in which it has to be created. */
export interface DemoData {
  branches: TermSeed[];
  statuses: TermSeed[];
  types: TermSeed[];
  groups: TermSeed[];
  fields: CustomerFieldSeed[];
  customers: DemoCustomer[];
}

/**
 * Makes believable data for one tenant: customers of five countries with what belongs to them, in their languages.
 * All of it is invented. Mail addresses and websites are in reserved domains; phone numbers are those kept free for
 * fiction, or else ones that the country's plan gives to nobody. The same options always give the same data, and fewer
 * customers are the first of more.
 */
export function makeDemoData({ customers = 500, today, seed = 1 }: DemoOptions): DemoData {
  const calendar = new Calendar(today);
  const takenNames = new Set<string>();
  return {
    branches: [...branches],
    statuses: [...statuses],
    types: [...types],
    groups: [...groups],
    fields: [...fields],
    // One generator for each, so that a change in how one is made leaves the others as they are.
    customers: Array.from({ length: customers }, (_, index) =>
      makeCustomer(new Random(Math.imul(seed, 0x9e3779b1) + index), calendar, takenNames),
    ),
  };
}
