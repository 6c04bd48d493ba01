/** JSON as the database wrote it, on its way to the response. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** Writes an answer; data that is finished JSON is passed through. */
export function stringifyAnswer(answer: object): string {
  const { data, ...rest } = answer as { data?: unknown };
  if (!(data instanceof RawJson)) return `${JSON.stringify(answer)}\n`;
  const more = JSON.stringify(rest).slice(1, -1);
  return `{"data":${data.text}${more && `,${more}`}}\n`;
}
