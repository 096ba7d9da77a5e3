import { jsonOf, needed, query, type Row, text } from "../row.ts";

/** Who somebody is. */
export const sessionRows: readonly Row[] = [
  {
    path: "/api/me",
    method: "GET",
    id: "me",
    tag: "Who you are",
    does: "Who you are, what you may do, and what this server offers",
    answers: { 200: { says: "You", body: jsonOf("Me") } },
    errors: { 401: ["bad-login"] },
    curl: "curl -u ann BASE/api/me",
  },
  {
    path: "/api/login",
    method: "POST",
    id: "login",
    tag: "Who you are",
    does: "Log in with a cookie",
    more:
      "For browsers; programs send Basic with each request. The cookie ends 12 hours after its last use, and with another " +
      "password; a restart of the server does not end it. Failed logins are delayed, and ten of them within an hour ban the address.",
    body: jsonOf("Credentials"),
    answers: { 200: { says: "You, with Set-Cookie", body: jsonOf("Me") } },
    errors: {
      400: ["bad-json", "bad-request"],
      401: ["bad-login"],
      403: ["foreign-origin", "plain-password", "banned"],
      413: ["too-large"],
      415: ["bad-type"],
    },
    curl: `curl -c cookies -H 'Content-Type: application/json' -d '{"user":"ann","password":"…"}' BASE/api/login`,
  },
  {
    path: "/api/logout",
    method: "POST",
    id: "logout",
    tag: "Who you are",
    does: "End the login of the cookie",
    answers: { 204: { says: "Logged out" } },
    errors: { 403: ["foreign-origin"] },
    curl: "curl -b cookies -X POST BASE/api/logout",
  },
  {
    path: "/api/echo",
    method: "GET",
    id: "echo",
    tag: "Who you are",
    does: "What you say, in upper case",
    parameters: [needed(query("text", "what shall be echoed; ASCII letters change", text, "hello"))],
    answers: { 200: { says: "The echo", body: jsonOf("Echo") } },
    errors: { 400: ["bad-request"], 403: ["denied"] },
    curl: "curl -G --data-urlencode 'text=hello' BASE/api/echo",
  },
];
