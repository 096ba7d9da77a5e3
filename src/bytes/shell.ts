/** What no shell takes for anything else; a tilde or an equals sign could be. */
const PLAIN = /^[\w./:@%+,-]+$/;

/**
 * A word as it is typed into a POSIX shell (XCU 2.2.2): as it is where it can be, else in single quotes, in which nothing
 * has a meaning, so that a file's name cannot become a command when somebody pastes it.
 */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
