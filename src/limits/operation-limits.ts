/** How much one operation may ask for, before anything of it is executed. */
export interface OperationLimits {
  /** Of the document. */
  readonly tokens: number;
  /** Fields within each other. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** With fragments counted wherever they are spread. */
  readonly fields: number;
  /** Objects that the answer may hold, estimated. */
  readonly objects: number;
}

/** What is limited. */
export type LimitName = keyof OperationLimits;

export const DEFAULT_OPERATION_LIMITS: OperationLimits = {
  tokens: 1000,
  depth: 12,
  aliases: 15,
  directives: 20,
  fields: 300,
  objects: 20_000,
};
