/** What an account can be allowed, in the order in which it is listed. */
export const PERMISSIONS = ["read", "upload", "write", "admin"] as const;

/**
 * `read`: list and fetch files. `upload`: add files and folders, never overwrite. `write`: also overwrite, rename and
 * delete. `admin`: see and end other people's connections and transfers.
 */
export type Permission = (typeof PERMISSIONS)[number];
