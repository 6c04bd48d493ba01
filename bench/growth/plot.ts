/** What took how long at which size. */
export interface Series {
  readonly name: string;
  /** In milliseconds, one a size. */
  readonly values: readonly number[];
}

const WIDTH = 860;
const ROW = 22;
const PLOT = { left: 64, top: 48, right: 420, bottom: 420 };
const LEGEND = PLOT.right + 48;
/** Seen well on white and on black, and told apart by those who do not see all colours (Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#a39a00", "#999999", "#8a63d2"];
const INK = "#808890";

/**
 * A plot with logarithmic axes as SVG, the figures beside it: times at each size, where a flat line means that size does not
 * matter. It has no background, and colours that do with a light or a dark one.
 * @param sizes ascending
 */
export function plot(title: string, sizes: readonly number[], series: readonly Series[]): string {
  const all = series.flatMap(({ values }) => values);
  const ticks = powersOfTen(Math.min(...all), Math.max(...all));
  const x = scale(sizes, PLOT.left + 24, PLOT.right - 24);
  const y = scale(ticks, PLOT.bottom, PLOT.top);
  const column = (index: number): number => WIDTH - 12 - (sizes.length - 1 - index) * 62;
  const height = Math.max(PLOT.bottom + 48, PLOT.top + (series.length + 1) * ROW);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="${INK}">`,
    `<title>${title}</title>`,
    text(PLOT.left, 24, title, 'font-size="16"'),
    ...ticks.flatMap((tick) => [
      line(PLOT.left, y(tick), PLOT.right, y(tick), `stroke="${INK}" stroke-opacity="0.35"`),
      text(PLOT.left - 8, y(tick) + 4, `${tick} ms`, 'text-anchor="end"'),
    ]),
    text(LEGEND + 26, PLOT.top + 4, "ms"),
    ...sizes.flatMap((size, index) => [
      line(x(size), PLOT.top, x(size), PLOT.bottom, `stroke="${INK}" stroke-opacity="0.35"`),
      text(x(size), PLOT.bottom + 20, size.toLocaleString("en"), 'text-anchor="middle"'),
      text(column(index), PLOT.top + 4, shortened(size), 'text-anchor="end"'),
    ]),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 40, "customers of the tenant", 'text-anchor="middle"'),
    ...series.flatMap(({ name, values }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? INK;
      const points = values.map((value, at) => `${round(x(sizes[at] ?? 1))},${round(y(value))}`);
      const row = PLOT.top + 4 + (index + 1) * ROW;
      return [
        `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...points.map((point) => `<circle cx="${point.replace(",", '" cy="')}" r="3.5" fill="${colour}"/>`),
        line(LEGEND, row - 4, LEGEND + 18, row - 4, `stroke="${colour}" stroke-width="3"`),
        text(LEGEND + 26, row, name),
        ...values.map((value, at) => text(column(at), row, value.toFixed(1), 'text-anchor="end"')),
      ];
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** From the first of the values at one place to the last at the other, logarithmically. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.log10(values[0] ?? 1);
  const span = Math.log10(values.at(-1) ?? 1) - low || 1;
  return (value) => from + ((Math.log10(value) - low) / span) * (to - from);
}

/** Around the values. */
function powersOfTen(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const count = Math.max(1, Math.ceil(Math.log10(high)) - first) + 1;
  return Array.from({ length: count }, (_, index) => 10 ** (first + index)).map((power) =>
    Number(power.toPrecision(1)),
  );
}

const shortened = (size: number): string => (size >= 1e6 ? `${size / 1e6} M` : `${size / 1e3} k`);
const round = (value: number): number => Math.round(value * 10) / 10;
const text = (x: number, y: number, content: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" ${more}>${content}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, more: string): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${more}/>`;
