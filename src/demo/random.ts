/** A value and how often it is drawn, relative to the others of its list. */
export type Weighted<T> = readonly [value: T, weight: number];

/** A small seeded generator (mulberry32): one seed gives one sequence, on every machine. Not for secrets. */
export class Random {
  constructor(private state: number) {}

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** A whole number between both ends, each order of magnitude as likely as the others: many small ones, few large. */
  magnitude(min: number, max: number): number {
    return Math.round(min * (max / min) ** this.next());
  }

  /** `count` digits, the first of which may be 0. */
  digits(count: number): string {
    let digits = "";
    while (digits.length < count) digits += this.int(0, 9);
    return digits;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Nothing to pick from");
    return items[this.int(0, items.length - 1)] as T; // in range, but T itself may include undefined
  }

  weighted<T>(choices: readonly Weighted<T>[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    const chosen = choices.find(([, weight]) => (left -= weight) < 0);
    return (chosen ?? this.pick(choices))[0];
  }

  /** `count` different items (all of them when there are no more), in the order of the list. */
  sample<T>(items: readonly T[], count: number): T[] {
    let wanted = Math.min(count, items.length);
    return items.filter((_, index) => this.chance(wanted / (items.length - index)) && wanted-- > 0);
  }

  /** What `make` gives, or else undefined, which a spread turns into absent properties. */
  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.chance(probability) ? make() : undefined;
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    const made: T[] = [];
    while (made.length < count) made.push(make(made.length));
    return made;
  }
}
