import {
  type ApolloServerPlugin,
  type GraphQLRequestContextDidEncounterErrors,
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLRequestContextWillSendResponse,
} from "@apollo/server";
import { type HttpContext } from "./http-context";

type Hook<Request> = (request: Request) => Promise<void> | void;

/** Listens to requests on their way through Apollo. Made once: what belongs to one request is in its context. */
export interface OperationListener {
  /** Throws a GraphQLError where the operation is not to be executed: those that come later are not called. */
  readonly didResolveOperation?: Hook<GraphQLRequestContextDidResolveOperation<HttpContext>>;
  readonly didEncounterErrors?: Hook<GraphQLRequestContextDidEncounterErrors<HttpContext>>;
  readonly willSendResponse?: Hook<GraphQLRequestContextWillSendResponse<HttpContext>>;
}

/** One plugin for all: Apollo makes promises for every hook of every plugin, with each request. */
export function listenTogether(listeners: readonly OperationListener[]): ApolloServerPlugin<HttpContext> {
  const listening = Promise.resolve({
    didResolveOperation: together(listeners.map(({ didResolveOperation }) => didResolveOperation)),
    didEncounterErrors: together(listeners.map(({ didEncounterErrors }) => didEncounterErrors)),
    willSendResponse: together(listeners.map(({ willSendResponse }) => willSendResponse)),
  });
  return { requestDidStart: () => listening };
}

const DONE = Promise.resolve();

/** Calls all in their order, and waits for those that take time at the end. */
function together<Request>(hooks: readonly (Hook<Request> | undefined)[]): (request: Request) => Promise<void> {
  const called = hooks.filter((hook) => hook !== undefined);
  return (request) => {
    let running = DONE;
    for (const hook of called) {
      const one = hook(request);
      if (one) running = running === DONE ? one : both(running, one);
    }
    return running;
  };
}

async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.all([one, other]);
}
