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

/** Asks the server by HTTP, for JSON where there is a choice. @throws HttpError where it refuses; NoAnswer */
export async function ask(url: string, request: Request = {}): Promise<Response> {
  const headers = { Accept: "application/json", ...request.headers };
  const answer = await fetch(url, { ...request, headers }).catch(() => {
    throw new NoAnswer();
  });
  if (answer.ok) return answer;
  throw httpError(answer.status, await answer.json().catch(() => null));
}
