import type { Permission } from "./accounts/permission.ts";

/** The settings that say what may be done with files. */
export interface RightSettings {
  readonly allowUpload: boolean;
  readonly allowWrite: boolean;
  readonly allowAll: boolean;
  readonly denyRead: boolean;
  readonly denyUpload: boolean;
  readonly denyWrite: boolean;
  readonly allowPlainPasswords: boolean;
  readonly denyPlainPasswords: boolean;
}

/** What everybody may do with files who has no account. Who may write may also upload. */
export function anonymousRights(o: RightSettings): ReadonlySet<Permission> {
  const write = (o.allowWrite || o.allowAll) && !o.denyWrite;
  const upload = (o.allowUpload || o.allowWrite || o.allowAll) && !o.denyUpload;
  const rights = new Set<Permission>();
  if (!o.denyRead) rights.add("read");
  if (upload) rights.add("upload");
  if (write) rights.add("write");
  return rights;
}

/** What no account has either, because `--deny-upload` or `--deny-write` was given. */
export function deniedToAll(o: RightSettings): ReadonlySet<Permission> {
  const denied = new Set<Permission>();
  if (o.denyUpload) denied.add("upload");
  if (o.denyWrite) denied.add("write");
  return denied;
}

/** Whether passwords may come without TLS off the loopback. `--allow-all` does not mean them. */
export function plainPasswords({ allowPlainPasswords, denyPlainPasswords }: RightSettings): boolean {
  return allowPlainPasswords && !denyPlainPasswords;
}
