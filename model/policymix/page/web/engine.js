// Who plays: the server that gave this page, or the book inside this file.

/** The engine of this page. `book` is null on a page that a server gave. */
export async function openEngine(facts, book) {
  if (book) {
    const {bookEngine} = await import("policymix/engine_book");
    return bookEngine(facts, book);
  }
  const {liveEngine} = await import("policymix/engine_live");
  return liveEngine(facts);
}
