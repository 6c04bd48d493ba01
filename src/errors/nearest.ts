import { distance } from "fastest-levenshtein";
import { fold } from "../text/text";

const MOST = 3;
const COMPARED_LENGTH = 64;

/** The candidates most like what was written, nearest first: those with the fewest single-character changes. */
export function nearest(written: string, candidates: readonly string[]): string[] {
  const comparable = (text: string): string => fold(text).slice(0, COMPARED_LENGTH);
  const wanted = comparable(written);
  return candidates
    .map((candidate) => ({ candidate, changes: distance(wanted, comparable(candidate)) }))
    .sort((a, b) => a.changes - b.changes)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}
