import { type Country } from "./country";
import { germany } from "./germany";
import { netherlands } from "./netherlands";
import { type Weighted } from "./random";
import { unitedKingdom } from "./united-kingdom";
import { unitedStates } from "./united-states";
import { vietnam } from "./vietnam";

/** Where customers come from, in percent. */
export const countries: readonly Weighted<Country>[] = [
  [vietnam, 40],
  [germany, 20],
  [netherlands, 15],
  [unitedStates, 13],
  [unitedKingdom, 12],
];
