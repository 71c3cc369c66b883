/** Who may talk to a page inside the help desk. */

/**
 * The origin that may be believed, from the page's address; null = it is not that of our help desk.
 *
 * @param configured the origin the service works with, null = not told.
 */
export function deskOrigin(search: string, configured: string | null): string | null {
  const told = new URLSearchParams(search).get("origin") ?? "";
  return configured !== null && URL.canParse(told) && new URL(told).origin === configured ? configured : null;
}
