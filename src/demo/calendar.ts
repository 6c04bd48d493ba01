const DAY_MS = 86_400_000;

/** Days and instants counted from a reference day, so that demo data looks recent whenever it is made. */
export class Calendar {
  private readonly todayMs: number;

  /** @param today any instant of the reference day, which is its day in UTC */
  constructor(today: Date) {
    this.todayMs = Math.floor(today.getTime() / DAY_MS) * DAY_MS;
  }

  /** YYYY-MM-DD, `offset` days from the reference day. */
  day(offset: number): string {
    return toDay(this.todayMs + offset * DAY_MS);
  }

  /**
   * An instant in the office hours of a working day, `offset` days from the reference day.
   * A weekend moves it away from the reference day, so that the past stays past and the future future.
   * @param clockHours hours after midnight there
   * @param utcOffsetHours of the place, without daylight saving time
   */
  workingInstant(offset: number, clockHours: number, utcOffsetHours: number): string {
    const midnight = this.todayMs + offset * DAY_MS;
    const isWeekend = new Date(midnight).getUTCDay() % 6 === 0;
    const away = isWeekend ? Math.sign(offset || 1) * 2 * DAY_MS : 0;
    return new Date(midnight + away + (clockHours - utcOffsetHours) * 3_600_000).toISOString();
  }
}

/** The day on which a term ends that starts on `day` and lasts so many years: the eve of the anniversary. */
export function endOfTerm(day: string, years: number): string {
  const start = new Date(day);
  return toDay(Date.UTC(start.getUTCFullYear() + years, start.getUTCMonth(), start.getUTCDate() - 1));
}

/** The day so many days later. */
export function daysAfter(day: string, days: number): string {
  return toDay(Date.parse(day) + days * DAY_MS);
}

/** For sorting by days or instants; what has none comes last. */
export function compareTimes(a = "9999", b = "9999"): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
