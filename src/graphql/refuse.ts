import { type GraphQLRequestContextWillSendResponse } from "@apollo/server";
import { GraphQLError } from "graphql";
import { type DomainError } from "../errors/domain-errors";
import { toErrorResponse } from "./error-response";
import { type HttpContext } from "./http-context";

/** Answers a request that was not executed with the one reason for it, in the language of the request. */
export function refuse(
  { response, contextValue }: GraphQLRequestContextWillSendResponse<HttpContext>,
  reason: DomainError,
  status: number,
): void {
  const error = new GraphQLError(reason.message, { originalError: reason });
  const told = toErrorResponse(error, contextValue, () => undefined);
  response.body = { kind: "single", singleResult: { errors: [told] } };
  response.http.status = status;
}
