import { upper } from "../../../src/bytes/upper.ts";
import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { HttpError } from "../wire/http-error.ts";
import { json } from "../wire/reply.ts";

/** The echo door for who has an HTTP client alone: a text comes back with its ASCII letters in upper case. */
export function echoRoutes({ allow }: HttpHost): readonly Route[] {
  return [
    {
      path: "/api/echo",
      methods: {
        GET: ({ query }) => {
          if (!allow.echo) throw new HttpError(403, "denied", "nobody is echoed here");
          const text = query.get("text");
          if (text === null) throw new HttpError(400, "bad-request", "say what shall be echoed: /api/echo?text=hello");
          return json({ text: upper(Buffer.from(text)).toString() });
        },
      },
    },
  ];
}
