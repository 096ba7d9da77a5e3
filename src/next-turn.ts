/** Resolves in the next turn of the loop: everybody else is heard first, which no microtask lets happen. */
export function nextTurn(): Promise<void> {
  return new Promise(setImmediate);
}
