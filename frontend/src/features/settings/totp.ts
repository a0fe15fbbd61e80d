// What an authenticator is given, in forms that people and pages can use.

/** The picture of a QR code as an address: an image runs no script, whatever is in it. */
export function imageOf(svg: string): string {
  const named = svg.includes("xmlns=")
    ? svg
    : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml,${encodeURIComponent(named)}`;
}

/** The secret in groups of four, to be typed. */
export function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

/** The text of the file with recovery codes. */
export function recoveryFile(site: string, username: string, codes: readonly string[]): string {
  return [`Recovery codes of ${username} at ${site}. Each works once.`, "", ...codes, ""].join(
    "\n",
  );
}
