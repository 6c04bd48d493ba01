import { type Calendar } from "./calendar";
import { type Country } from "./country";
import { type Random } from "./random";
import { type CustomerKind } from "./seeds";

/** What every part of one customer is drawn with. */
export interface Setting {
  random: Random;
  calendar: Calendar;
  country: Country;
  kind: CustomerKind;
  /** Code of the customer's status: a lead has no history, a former customer nothing open. */
  status: string;
  /** In words, and in days. */
  paymentTerms: readonly [terms: string, days: number];
}
