import { type Credential } from "../auth/credential";
import { type Language } from "../errors/messages";
import { type OperationRecord } from "./operation-record";

/** What is known of a request before its operation begins. */
export interface HttpContext {
  readonly credential: Credential;
  readonly requestId: string;
  /** Filled in on the way, for the log and for metrics. */
  readonly record: OperationRecord;
  /** Of messages. */
  readonly language: Language;
  /** The header Idempotency-Key, as it came. */
  readonly idempotencyKey: string | undefined;
}
