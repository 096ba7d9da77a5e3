const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const yesOrNo = { type: "boolean" };
const time = { type: "string", format: "date-time" };
const orNull = (type: string) => ({ type: [type, "null"] });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: object) => ({ type: "array", items });

/** An object of which all fields are there, but those named. */
function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required };
}

/** The schemas of bodies, by name. */
export const schemas: Readonly<Record<string, object>> = {
  Error: object({
    error: object({
      code: { ...text, description: "one of a closed list", examples: ["not-found"] },
      message: { ...text, description: "one sentence for people: what was wrong, and what to do" },
    }),
  }),
  Me: object({
    account: { ...orNull("string"), description: "null: not logged in" },
    may: listOf({ enum: ["chat", "echo", "read", "upload", "write", "admin"] }),
    login: { ...yesOrNo, description: "whether a password may be sent from where you are" },
    server: { ...text, examples: ["tincan/0.1.0"] },
    files: { ...yesOrNo, description: "whether files are shared" },
    home: { ...text, description: "the folder of the share that your / is" },
    open: { ...yesOrNo, description: "whether files may be read without a login" },
    announce: { ...yesOrNo, description: "whether the lobby is told of files that are added" },
    history: { ...yesOrNo, description: "whether what is said is kept and can be searched" },
    limits: {
      ...object({
        frame: count,
        json: count,
        message: count,
        topic: count,
        name: count,
        nameCharacters: count,
        room: count,
      }),
      description: "in bytes of UTF-8, but nameCharacters",
    },
    doors: {
      type: "object",
      description: "the ports of the doors that are open, in the clear and for TLS",
      additionalProperties: object({ port: orNull("integer"), tls: orNull("integer") }),
    },
    commands: { ...orNull("integer"), description: "the port that tincan's own commands can use; null: there is none" },
    addresses: {
      type: ["array", "null"],
      items: text,
      description:
        "to who asks from this machine: what stands before `files` and `api` in the addresses that others can use",
    },
  }),
  Credentials: object({ user: text, password: { ...text, format: "password" } }),
  Room: object({ room: { ...text, examples: ["#lobby"] }, epoch: text, seq: count, members: count, topic: text }, [
    "topic",
  ]),
  Rooms: object({
    rooms: listOf(ref("Room")),
    next: { ...orNull("string"), description: "the `after` of the next page; null: this is the last" },
  }),
  Event: object({
    event: { enum: ["message", "action", "topic"] },
    room: text,
    from: text,
    text: { ...text, description: "may hold line breaks and no other control characters" },
    time,
    epoch: { ...text, description: "changes when the counting of a room begins anew" },
    seq: { type: "integer", minimum: 1, description: "without gaps within an epoch" },
  }),
  Page: object({
    events: { ...listOf(ref("Event")), description: "oldest first; what a search found, newest first" },
    next: { ...orNull("integer"), description: "where to go on in the same direction; null: this is the end" },
    oldest: { ...count, description: "the lowest seq that is kept" },
  }),
  Words: object(
    {
      text: { ...text, maxLength: 4000, description: "at most 4000 bytes of UTF-8" },
      name: { ...text, maxLength: 64, description: "absent: your account's, or a guest's" },
      action: { ...yesOrNo, description: "what you do instead of what you say: waves" },
    },
    ["name", "action"],
  ),
  Said: object({ name: text, epoch: text, seq: count, time }),
  Echo: object({ text }),
  Entry: object({
    name: text,
    type: { enum: ["file", "dir"] },
    size: { ...count, description: "in bytes" },
    mtime: { type: "integer", description: "in milliseconds since 1970 UTC" },
  }),
  Entries: object({
    entries: listOf(ref("Entry")),
    next: { ...orNull("string"), description: "the `after` of the next page; null: this is the last" },
  }),
  Kept: object(
    { offset: count, sha256: { ...text, description: "of the bytes that are kept, in hex; only to who asks" } },
    ["sha256"],
  ),
  Transfer: object({
    id: count,
    door: text,
    account: orNull("string"),
    host: text,
    direction: { enum: ["get", "put"] },
    path: text,
    offset: count,
    bytes: count,
    length: orNull("integer"),
    size: orNull("integer"),
    percent: orNull("number"),
    rate: { ...count, description: "bytes a second" },
    eta: { ...orNull("number"), description: "seconds" },
    seconds: { type: "number" },
  }),
  Transfers: object({ transfers: listOf(ref("Transfer")) }),
  Status: {
    ...object({
      version: text,
      pid: count,
      started: time,
      uptime: { type: "number", description: "seconds" },
      share: orNull("string"),
      notReady: orNull("string"),
      troubles: listOf(text),
      memory: object({ rss: count }),
      connections: { type: "object" },
      doors: { type: "object" },
      members: count,
      rooms: listOf(object({ room: text, members: count })),
      people: listOf({ type: "object" }),
      transfers: listOf(ref("Transfer")),
    }),
    description: "what `tincan status --json` says",
  },
};
