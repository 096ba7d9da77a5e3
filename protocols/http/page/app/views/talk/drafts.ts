/** What was begun in each room and not sent, by the room's id; it is forgotten with the page. */
export const drafts = new Map<string, string>();
