/** What an account can be allowed, in the order in which it is listed. */
export const PERMISSIONS = ["read", "upload", "write", "admin"] as const;

/**
 * `read`: list and fetch files. `upload`: add files and folders, never overwrite. `write`: also overwrite, rename and
 * delete; whoever is given it is given `upload`, unless nobody has that. `admin`: see and end other people's
 * connections and transfers.
 */
export type Permission = (typeof PERMISSIONS)[number];

export function isPermission(word: string): word is Permission {
  return (PERMISSIONS as readonly string[]).includes(word);
}

/** Permissions as one text, in the order in which they are listed: `upload,write`. */
export function formatPermissions(permissions: ReadonlySet<Permission>, separator = ","): string {
  return PERMISSIONS.filter((permission) => permissions.has(permission)).join(separator);
}
