import type { Permission } from "../../../../src/accounts/permission.ts";
import type { Entry } from "../../../../src/files/entry.ts";

export const NOW = Date.parse("2026-11-26T06:37:00Z");

export function file(o: Partial<Entry> = {}): Entry {
  return { name: "a.txt", type: "file", size: 1234, mtime: NOW, mode: 0o644, id: "fd01-12f", ...o };
}

export function folder(o: Partial<Entry> = {}): Entry {
  return { name: "photos", type: "dir", size: 0, mtime: NOW, mode: 0o755, id: "fd01-130", ...o };
}

export function rights(...permissions: readonly Permission[]) {
  return { may: (permission: Permission) => permissions.includes(permission) };
}
