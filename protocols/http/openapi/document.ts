import type { Answer, Body, Parameter, Row, Schema } from "./row.ts";
import { JSON_TYPE, TAGS } from "./row.ts";
import { chatRows } from "./rows/chat.ts";
import { fileRows } from "./rows/files.ts";
import { operationRows } from "./rows/operations.ts";
import { sessionRows } from "./rows/session.ts";
import { schemas } from "./schemas.ts";

export const rows: readonly Row[] = [...sessionRows, ...chatRows, ...fileRows, ...operationRows];

/** The methods that a path item of OpenAPI 3.1 can have; those of WebDAV go by an extension, named as 3.2 names them. */
const KNOWN: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]);

const ABOUT =
  "Chat, files and operations of a tincan server, for curl, scripts and browsers. HEAD answers wherever GET does, OPTIONS everywhere. Every " +
  'error has one form: `{"error":{"code","message"}}`. Beside those that are listed any request may be answered with 400 ' +
  "`bad-request` (it cannot be read), 401 `bad-login`, 401 `login-ended` (what changes something came with the cookie of a login that is over, or with a `Tincan-User` that it does not log in), 405 `bad-method` with Allow, 408 `timeout`, 421 `wrong-host` (the server is not " +
  "known by that name), 431 `too-large`, 500 `failed` and 503 `busy`.";

const ERROR: Body = { type: JSON_TYPE, schema: "Error" };

export interface Where {
  /** Of the program: "0.1.0" */
  readonly version: string;
  /** What stands before every path, or nothing. */
  readonly prefix: string;
  /** The address that commands to paste have: "http://127.0.0.1:8480" */
  readonly base: string;
  /** The name of a login's cookie. */
  readonly cookie: string;
}

/** The description of this door (OpenAPI 3.1.0). */
export function openApi({ version, prefix, base, cookie }: Where): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of rows) {
    paths[row.path] ??= {};
    const item = paths[row.path] as Record<string, unknown>;
    const operation = operationOf(row, base);
    if (KNOWN.has(row.method)) item[row.method.toLowerCase()] = operation;
    else item["x-additionalOperations"] = { ...(item["x-additionalOperations"] as object), [row.method]: operation };
  }
  return {
    openapi: "3.1.0",
    info: { title: "tincan", version, summary: "Chat and files over HTTP", description: ABOUT },
    servers: [{ url: prefix || "/" }],
    security: [{}, { basic: [] }, { cookie: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        basic: { type: "http", scheme: "basic" },
        cookie: { type: "apiKey", in: "cookie", name: cookie },
      },
    },
  };
}

function operationOf({ id, tag, does, more, parameters, body, answers, errors = {}, curl }: Row, base: string): object {
  return {
    operationId: id,
    tags: [tag],
    summary: does,
    ...(more !== undefined && { description: more }),
    ...(parameters !== undefined && { parameters: parameters.map(parameterOf) }),
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...mapped(answers, answerOf),
      ...mapped(errors, (codes) => errorOf(codes)),
      default: { description: "Any other error", content: contentOf(ERROR) },
    },
    "x-codeSamples": [{ lang: "Shell", label: "curl", source: curl.replace("BASE", base) }],
  };
}

function mapped<T>(table: Readonly<Record<number, T>>, change: (value: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(table).map(([status, value]) => [status, change(value)]));
}

function parameterOf({ name, in: where, says, schema, example, required = false }: Parameter): object {
  return {
    ...{ name, in: where, description: says, required: required || where === "path", schema },
    ...(example !== undefined && { example }),
  };
}

function answerOf({ says, body }: Answer): object {
  return { description: says, ...(body !== undefined && { content: contentOf(...[body].flat()) }) };
}

function errorOf(codes: readonly string[]): object {
  const description = codes.map((code) => `\`${code}\``).join(", ");
  return { description, content: contentOf(ERROR) };
}

function contentOf(...bodies: readonly Body[]): object {
  return Object.fromEntries(bodies.map(({ type, schema }) => [type, { schema: schemaOf(schema) }]));
}

function schemaOf(schema: Schema): object {
  return typeof schema === "string" ? { $ref: `#/components/schemas/${schema}` } : schema;
}
