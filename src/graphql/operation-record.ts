import { type RateLimitState } from "../limits/rate-limit";
import { type OperationListener } from "./operation-listener";

/** What is remembered of an operation, for the log, for metrics and for its answer. */
export interface OperationRecord {
  /** "query" or "mutation"; undefined until it is found in the document. */
  type: string | undefined;
  /** As the client calls it. */
  name: string | undefined;
  /** The codes of its errors, each once. */
  codes: readonly string[];
  /** Why the credential was refused, for the log alone. */
  refusal: string | undefined;
  /** Whether the read planner answered it, or the resolvers; undefined for what is no query. */
  isPlanned: boolean | undefined;
  /** What it has left to its credential; undefined before it is counted, and where nothing is. */
  counted: RateLimitState | undefined;
}

const NO_CODES: readonly string[] = [];

export const noOperation = (): OperationRecord => ({
  type: undefined,
  name: undefined,
  codes: NO_CODES,
  isPlanned: undefined,
  counted: undefined,
  refusal: undefined,
});

/** Fills in each request's record. */
export const operationRecords: OperationListener = {
  willSendResponse({ operation, contextValue: { record }, response: { body } }) {
    record.type = operation?.operation;
    record.name = operation?.name?.value;
    if (body.kind === "single" && body.singleResult.errors) {
      const codes = body.singleResult.errors.map(({ extensions }) => String(extensions?.["code"]));
      record.codes = [...new Set(codes)];
    }
  },
};
