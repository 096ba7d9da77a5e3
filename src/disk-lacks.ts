const LACKS: ReadonlySet<string> = new Set(["EPERM", "EOPNOTSUPP", "ENOTSUP", "EMLINK", "ENOSYS"]);

/**
 * Whether the code of a failed link(2) or chmod(2) says that the disk has no hard links or no permissions of its own (FAT,
 * some network disks), and not that this file cannot have them.
 */
export function diskLacks(code: string): boolean {
  return LACKS.has(code);
}
