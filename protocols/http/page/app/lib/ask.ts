import { httpError } from "./http-error.ts";

/** There was no answer: the network, the server or a proxy is away. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor() {
    super("the server did not answer");
  }
}

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Who asks, in a request that may change something: the session of the chat, by which the server knows whose uploads are
 * whose, and the account that is logged in here, so that nothing is done as another by a cookie that has changed meanwhile.
 */
export interface Asker {
  /** Null: none yet. */
  readonly session: string | null;
  /** Null: nobody. */
  readonly user: string | null;
}

export function fieldsOf({ session, user }: Asker): Readonly<Record<string, string>> {
  return {
    ...(session !== null && { "Tincan-Session": session }),
    ...(user !== null && { "Tincan-User": encodeURIComponent(user) }),
  };
}

/** Asks the server by HTTP, for JSON where there is a choice. @throws HttpError where it refuses; NoAnswer */
export async function ask(url: string, request: Request = {}): Promise<Response> {
  const headers = { Accept: "application/json", ...request.headers };
  const answer = await fetch(url, { ...request, headers }).catch(() => {
    throw new NoAnswer();
  });
  if (answer.ok) return answer;
  throw httpError(answer.status, await answer.json().catch(() => null));
}
