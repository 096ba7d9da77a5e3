import { header, jsonOf, needed, type Parameter, query, type Row, text, whole } from "../row.ts";

const path: Parameter = {
  name: "path",
  in: "path",
  says: "the path, its parts percent-encoded; it may hold /, and a folder ends in one",
  schema: text,
  example: "photos/a.jpg",
};
const bytes = { type: "application/octet-stream", schema: { type: "string", format: "binary" } };
/** Of a file the type is that of its name; several ranges come as `multipart/byteranges`. */
const itself = { ...bytes, type: "*/*" };
const noFiles = ["not-found", "no-files"];
const need = { 401: ["login-needed", "bad-login"], 403: ["denied", "foreign-origin"] };
const unless = [
  header("If-None-Match", "an ETag that it must not have; * for any"),
  header("If-Unmodified-Since", "a time"),
];
const page = [
  query("after", "the `next` of the page before", text),
  query("limit", "entries of a page", whole(1, 1000)),
];

/** Files by their address. */
export const fileRows: readonly Row[] = [
  {
    path: "/api/files",
    method: "GET",
    id: "list",
    tag: "Files",
    does: "A folder, by its path in the query",
    parameters: [query("path", "the folder; absent: all that is shared", text, "/photos"), ...page],
    answers: { 200: { says: "A page of the folder", body: jsonOf("Entries") } },
    errors: { 400: ["bad-path", "bad-request"], 401: need[401], 403: ["denied"], 404: noFiles, 409: ["not-a-folder"] },
    curl: "curl -G --data-urlencode 'path=/photos' BASE/api/files",
  },
  {
    path: "/files",
    method: "GET",
    id: "root",
    tag: "Files",
    does: "All that is shared",
    answers: { 301: { says: "To /files/" } },
    errors: { 404: ["no-files"] },
    curl: "curl -L BASE/files",
  },
  {
    path: "/files/{path}",
    method: "GET",
    id: "fetch",
    tag: "Files",
    does: "A file, or a folder",
    more: "A folder comes as JSON when Accept asks for it, else as a plain page, and with ?archive=tar as an archive.",
    parameters: [
      path,
      query("download", "to be kept, not shown", text),
      query("archive", "a folder with all below it", { const: "tar" }),
      ...page,
      header("Range", "up to 8 ranges", "bytes=0-1023"),
      header("If-Range", "the ETag that the range belongs to"),
      header("If-None-Match", "an ETag that is known already"),
      header("If-Match", "the only ETag that is wanted"),
      header("If-Modified-Since", "a time"),
      header("If-Unmodified-Since", "a time"),
    ],
    answers: {
      200: {
        says: "All of a file, with a strong ETag, or a folder as JSON, as a page or as an archive",
        body: [itself, jsonOf("Entries"), { type: "text/html", schema: text }, { ...bytes, type: "application/x-tar" }],
      },
      206: { says: "The ranges", body: itself },
      301: { says: "A folder, to its address with / at the end" },
      304: { says: "It is the one that is known" },
    },
    errors: {
      400: ["bad-path", "bad-request"],
      401: need[401],
      403: ["denied"],
      404: noFiles,
      409: ["changed"],
      412: ["precondition"],
      416: ["bad-range"],
      429: ["too-many"],
    },
    curl: "curl -C - -O BASE/files/photos/a.jpg",
  },
  {
    path: "/files/{path}",
    method: "PUT",
    id: "upload",
    tag: "Files",
    does: "Upload a file, whole or in pieces",
    more:
      "With Content-Range it adds a piece: `bytes FROM-TO/SIZE` in order, and `bytes */SIZE` with an empty body asks how " +
      "much is kept. What breaks off can be gone on with for 7 days.",
    parameters: [
      path,
      query("overwrite", "replace a file, for who may write; 0: do not", text),
      header("Content-Range", "which piece this is", "bytes 0-1023/4096"),
      header("Repr-Digest", "SHA-256 of the whole file, checked before it has its name"),
      header("Want-Repr-Digest", "sha-256=1 asks for the hash"),
      header("X-OC-Mtime", "its time, in seconds since 1970 UTC"),
      header("If-Match", "replace only this ETag"),
      header("If-None-Match", "* never replaces"),
      header("If-Unmodified-Since", "a time"),
    ],
    body: bytes,
    answers: {
      201: { says: "It is there, with ETag and Location" },
      202: { says: "Bytes are missing; Upload-Offset says how many are kept", body: jsonOf("Kept") },
      204: { says: "It has replaced another" },
    },
    errors: {
      400: ["bad-path", "bad-request", "bad-digest", "incomplete"],
      ...need,
      404: noFiles,
      409: ["exists", "not-a-file", "not-a-folder", "not-found", "wrong-offset", "replaced", "changed"],
      411: ["needs-length"],
      412: ["precondition"],
      413: ["too-large"],
      415: ["bad-type"],
      429: ["too-many"],
      507: ["no-space", "quota"],
    },
    curl: "curl -T a.jpg BASE/files/photos/",
  },
  {
    path: "/files/{path}",
    method: "DELETE",
    id: "remove",
    tag: "Files",
    does: "Remove a file, or an empty folder",
    parameters: [path, header("If-Match", "remove only this ETag"), ...unless],
    answers: { 204: { says: "It is gone" } },
    errors: { 400: ["bad-path"], ...need, 404: noFiles, 409: ["not-empty", "not-a-folder"], 412: ["precondition"] },
    curl: "curl -X DELETE BASE/files/photos/a.jpg",
  },
  {
    path: "/files/{path}",
    method: "MKCOL",
    id: "makeFolder",
    tag: "Files",
    does: "Make a folder",
    parameters: [path, header("If-None-Match", "* for nothing that is there")],
    answers: { 201: { says: "It is there" } },
    errors: {
      400: ["bad-path"],
      ...need,
      404: ["no-files"],
      405: ["exists"],
      409: ["not-found", "not-a-folder"],
      412: ["precondition"],
      415: ["bad-type"],
    },
    curl: "curl -X MKCOL BASE/files/photos",
  },
  {
    path: "/files/{path}",
    method: "MOVE",
    id: "move",
    tag: "Files",
    does: "Rename a file or a folder",
    parameters: [
      path,
      needed(header("Destination", "where to", "/files/photos/b.jpg")),
      header("If-Match", "move only this ETag"),
      ...unless,
      header("Overwrite", "T: replace what is there, for who may write; F: never", "F"),
    ],
    answers: { 201: { says: "It has the new name" }, 204: { says: "It has replaced another" } },
    errors: {
      400: ["bad-path", "bad-request"],
      ...need,
      404: noFiles,
      409: ["exists", "not-found", "not-a-file", "not-a-folder"],
      412: ["precondition"],
      502: ["wrong-host"],
    },
    curl: "curl -X MOVE -H 'Destination: /files/photos/b.jpg' BASE/files/photos/a.jpg",
  },
];
