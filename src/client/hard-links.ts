/** What link(2) says on disks that have no hard links (FAT, some network disks). */
const NO_LINKS: ReadonlySet<unknown> = new Set(["EPERM", "EOPNOTSUPP", "ENOTSUP", "EMLINK", "ENOSYS"]);

/** Whether the code of a failed link(2) says that the disk has no hard links, and not that this name cannot be had. */
export function hasNoLinks(code: unknown): boolean {
  return NO_LINKS.has(code);
}
